/** A larger array with the same beginning, of at least that length. */
export function grown<A extends Int32Array | Float64Array | Uint8Array>(array: A, length: number): A {
  const larger = new (array.constructor as new (length: number) => A)(Math.max(length, array.length * 2))
  larger.set(array)
  return larger
}
