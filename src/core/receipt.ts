/**
 * What became of the records of one delivery, written down by the exporters it passed for the one that keeps the account.
 * Records of which nothing is written were delivered, refused or rejected, as the result says.
 */
export class Receipt {
  /** Set by a buffer that has taken the records over: it settles the account itself, when it knows. */
  taken = false
  /** Records accepted by another account in place of this one, by its name. */
  readonly diverted = new Map<string, number>()
  /** Records written to the dead letters. The result names them as rejected all the same. */
  deadLettered = 0
  /** Records let go by a policy that the user wrote, by its name. */
  readonly dropped = new Map<string, number>()

  divert(to: string, count: number): void {
    this.diverted.set(to, (this.diverted.get(to) ?? 0) + count)
  }

  drop(reason: string, count: number): void {
    this.dropped.set(reason, (this.dropped.get(reason) ?? 0) + count)
  }
}
