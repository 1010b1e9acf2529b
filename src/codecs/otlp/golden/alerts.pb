
€
3

service.name
golden

	host.name

not this£†	èΩ ÈÈcritical*
sda is full2

event.name
alert2
alert.id

disk-sda2

alert.name

DiskFull2
alert.status

resolved2
alert.starts_at	!†å˛πzB2
alert.ends_at	!†2∫zB2!
alert.labels2

disk
sda21
alert.annotations2

summary
sda is fullbalert