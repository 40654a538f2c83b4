// BLS12-381 for reading a public signature: numbers modulo P, and the extension a + b i with i*i = -1.
// Nothing here handles a secret, so nothing here runs in constant time.

export const P = 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn;
export const ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;

export const mod = (x) => ((x % P) + P) % P;

export function pow(x, exponent) {
  let found = 1n;
  let base = mod(x);
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) found = (found * base) % P;
    base = (base * base) % P;
  }
  return found;
}

export function inverse(x) {
  let [a, b] = [mod(x), P];
  let [u, v] = [1n, 0n];
  if (!a) throw new RangeError("zero has no inverse");
  while (b) {
    const q = a / b;
    [a, b] = [b, a - q * b];
    [u, v] = [v, u - q * v];
  }
  return mod(u);
}

export class Fp2 {
  constructor(a, b = 0n) {
    this.a = mod(a);
    this.b = mod(b);
  }

  get zero() {
    return !this.a && !this.b;
  }

  // sgn0 of RFC 9380
  get sign() {
    return this.a ? this.a & 1n : this.b & 1n;
  }

  plus(other) {
    return new Fp2(this.a + other.a, this.b + other.b);
  }

  minus(other) {
    return new Fp2(this.a - other.a, this.b - other.b);
  }

  negative() {
    return new Fp2(-this.a, -this.b);
  }

  by(other) {
    return new Fp2(this.a * other.a - this.b * other.b, this.a * other.b + this.b * other.a);
  }

  times(number) {
    return new Fp2(this.a * number, this.b * number);
  }

  inverse() {
    const scale = inverse(this.a * this.a + this.b * this.b);
    return new Fp2(this.a * scale, -this.b * scale);
  }

  equals(other) {
    return this.a === other.a && this.b === other.b;
  }
}

// a square root modulo P (which is 3 modulo 4), or null
function root(x) {
  const found = pow(x, (P + 1n) / 4n);
  return (found * found) % P === mod(x) ? found : null;
}

export function squareRoot(x, extended) {
  if (!x.b) {
    const real = root(x.a);
    if (real !== null || !extended) return real === null ? null : new Fp2(real);
    const imaginary = root(-x.a);
    return imaginary === null ? null : new Fp2(0n, imaginary);
  }
  if (!extended) return null;
  const length = root(x.a * x.a + x.b * x.b);
  if (length === null) return null;
  const half = inverse(2n);
  for (const sign of [1n, -1n]) {
    const first = root((x.a + sign * length) * half);
    if (first) return new Fp2(first, x.b * inverse(2n * first));
  }
  return null;
}
