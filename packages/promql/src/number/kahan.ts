/**
 * A sum that keeps what each addition loses (Kahan's method in Neumaier's form), in Prometheus' order: used where
 * speed does not call for the same in local variables.
 */
export class KahanSum {
  sum = 0;
  lost = 0;

  reset(sum = 0, lost = 0): void {
    this.sum = sum;
    this.lost = lost;
  }

  add(value: number): void {
    const total = this.sum + value;
    // What infinity loses is not a number, and would spoil the result.
    if (total === Infinity || total === -Infinity) this.lost = 0;
    else if (Math.abs(this.sum) >= Math.abs(value)) this.lost += this.sum - total + value;
    else this.lost += value - total + this.sum;
    this.sum = total;
  }

  get total(): number {
    return this.sum + this.lost;
  }
}
