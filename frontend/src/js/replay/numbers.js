// Numbers as Python writes and adds them, so that documents and sums are the same bytes and the same doubles.

// repr(float): the shortest digits that lead back; an exponent below 1e-4 and from 1e16 on
export function pyFloat(x) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  if (x === 0) return Object.is(x, -0) ? "-0.0" : "0.0";
  const sign = x < 0 ? "-" : "";
  const [mantissa, power] = Math.abs(x).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const tail = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits[0]}${tail}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return `${sign}${digits.padEnd(exponent + 1, "0")}.0`;
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

// from left to right, each step rounded to a double
export function leftSum(values) {
  let total = 0;
  for (const x of values) total += x;
  return total;
}

export function cumulated(values) {
  const ends = new Float64Array(values.length);
  let total = 0;
  for (let i = 0; i < values.length; i += 1) ends[i] = total += values[i];
  return ends;
}

// numpy's sum: eight partial sums, halves above 128 values
export function pairwiseSum(values, from = 0, n = values.length) {
  if (n < 8) {
    let total = 0;
    for (let i = 0; i < n; i += 1) total += values[from + i];
    return total;
  }
  if (n <= 128) {
    const part = Array.from({ length: 8 }, (_, k) => values[from + k]);
    let i = 8;
    for (; i < n - (n % 8); i += 8) for (let k = 0; k < 8; k += 1) part[k] += values[from + i + k];
    let total = part[0] + part[1] + (part[2] + part[3]) + (part[4] + part[5] + (part[6] + part[7]));
    for (; i < n; i += 1) total += values[from + i];
    return total;
  }
  let half = Math.floor(n / 2);
  half -= half % 8;
  return pairwiseSum(values, from, half) + pairwiseSum(values, from + half, n - half);
}

// math.fsum: the sum as if never rounded, then rounded once (Shewchuk)
export function exactSum(values) {
  const parts = [];
  for (let x of values) {
    let kept = 0;
    for (let y of parts) {
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const high = x + y;
      const low = y - (high - x);
      if (low) parts[kept++] = low;
      x = high;
    }
    parts.length = kept;
    parts.push(x);
  }
  let n = parts.length;
  if (!n) return 0;
  let high = parts[--n];
  let low = 0;
  while (n > 0) {
    const x = high;
    const y = parts[--n];
    high = x + y;
    low = y - (high - x);
    if (low) break;
  }
  if (n > 0 && low < 0 === parts[n - 1] < 0) {
    const twice = low * 2;
    const x = high + twice;
    if (twice === x - high) high = x;
  }
  return high;
}

// the first place whose value is above x (bisect_right)
export function placeOf(ends, x) {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x < ends[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}
