/** What a small OpenCost exposes, beside metrics of others, and a line that is none. */
export const exposition = `# HELP node_cpu_hourly_cost Hourly cost for each CPU on this node
# TYPE node_cpu_hourly_cost gauge
node_cpu_hourly_cost{instance="node-1",node="node-1",region="north"} 0.03
node_cpu_hourly_cost{instance="node-2",node="node-2",region="north"} 0.05
# TYPE node_ram_hourly_cost gauge
node_ram_hourly_cost{instance="node-1",node="node-1"} 0.004
# TYPE node_total_hourly_cost gauge
node_total_hourly_cost{instance="node-1",node="node-1"} 0.2
# TYPE kubecost_node_is_spot gauge
kubecost_node_is_spot{instance="node-1",node="node-1"} 1
# TYPE kube_node_status_capacity gauge
kube_node_status_capacity{node="node-1",resource="cpu",unit="core"} 4
# HELP container_cpu_allocation Percent of a single CPU used in a minute
# TYPE container_cpu_allocation gauge
container_cpu_allocation{container="main",namespace="shop",node="node-1",pod="web-1"} 0.5
container_cpu_allocation{container="side",namespace="shop",node="node-1",pod="web-1"} 0.25
container_cpu_allocation{container="main",namespace="shop",node="node-9",pod="web-9"} 2
# TYPE container_memory_allocation_bytes gauge
container_memory_allocation_bytes{container="main",namespace="shop",node="node-1",pod="web-1"} 1.073741824e+09
# TYPE container_cpu_usage_seconds_total counter
container_cpu_usage_seconds_total{container="main",namespace="shop",node="node-1",pod="web-1"} 12.5
# TYPE container_memory_usage_bytes gauge
container_memory_usage_bytes{container="main",namespace="shop",node="node-1",pod="web-1"} 5e+08
# TYPE pv_hourly_cost gauge
pv_hourly_cost{persistentvolume="pv-1",provider_id="pv-1",volumename="pv-1"} 0.0001
pv_hourly_cost{persistentvolume="pv-2",provider_id="pv-2",volumename="pv-2"} 0.0003
# TYPE pod_pvc_allocation gauge
pod_pvc_allocation{namespace="shop",persistentvolume="pv-1",persistentvolumeclaim="data",pod="db-0"} 2.147483648e+09
# TYPE kubecost_load_balancer_cost gauge
kubecost_load_balancer_cost{ingress_ip="203.0.113.1",namespace="shop",service_name="ingress"} 0.025
# TYPE kubecost_network_internet_egress_cost gauge
kubecost_network_internet_egress_cost 0.12
# TYPE kubecost_network_region_egress_cost gauge
kubecost_network_region_egress_cost 0.01
# TYPE kubecost_cluster_management_cost gauge
kubecost_cluster_management_cost{provisioner_name="GKE"} 0.1
# TYPE kubecost_cluster_info gauge
kubecost_cluster_info{clusterprofile="production",id="one"} 1
# TYPE kubecost_http_requests_total counter
kubecost_http_requests_total{code="200",handler="/allocation"} 42 1700000000000
kubecost_http_requests_total{code="500",handler="/a,\\"b\\"}"} 1 1700000000000
# TYPE kubecost_http_response_time_seconds histogram
kubecost_http_response_time_seconds_bucket{le="+Inf"} 5
kubecost_http_response_time_seconds_sum 0.25
kubecost_http_response_time_seconds_count 5
# TYPE kube_pod_labels gauge
kube_pod_labels{label_app="web",namespace="shop",pod="web-1"} 1
# TYPE kube_pod_owner gauge
kube_pod_owner{namespace="shop",owner_kind="ReplicaSet",owner_name="web",pod="web-1"} 1
this is no line of metrics
# TYPE go_goroutines gauge
go_goroutines 14
# TYPE kube_job_status_failed gauge
kube_job_status_failed{job_name="never"} NaN
`
