/**
 * What became of the records of one delivery, written down by the exporters it passed for the one that keeps the account.
 * Records of which nothing is written were delivered, refused or rejected, as the result says.
 */
export class Receipt {
  /** Records accepted by another account in place of this one, by its name. */
  readonly diverted = new Map<string, number>()
  /** Records written to the dead letters. The result names them as rejected all the same. */
  deadLettered = 0
  /** Records let go by a policy that the user wrote, by its name. */
  readonly dropped = new Map<string, number>()
  /** How often the destination was tried, by whoever tries again. */
  attempts = 0
  /** Why the last of these tries failed: a partial result does not tell. */
  lastError: Error | undefined

  divert(to: string, count: number): void {
    this.diverted.set(to, (this.diverted.get(to) ?? 0) + count)
  }

  drop(reason: string, count: number): void {
    this.dropped.set(reason, (this.dropped.get(reason) ?? 0) + count)
  }

  /** Takes over what is written on `other`, the receipt of a call made on the way. */
  add(other: Receipt): void {
    for (const [to, count] of other.diverted) this.divert(to, count)
    this.deadLettered += other.deadLettered
    for (const [reason, count] of other.dropped) this.drop(reason, count)
    this.attempts += other.attempts
    this.lastError = other.lastError ?? this.lastError
  }
}
