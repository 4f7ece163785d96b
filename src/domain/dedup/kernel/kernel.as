// AssemblyScript, compiled to kernel.wasm by `node bin/build-kernel.js`. All addresses are bytes in the memory that the
// caller brings and lays out.

/**
 * Finds the pairs (query, kept) whose integer product reaches the query's bar.
 *
 * A panel holds eight kept sketches, interleaved: for each pair of lanes (2i, 2i + 1) the eight sketches' pairs follow
 * one another, 32 bytes. A query is a plain row of int16 lanes. `active` lists, as 32-bit numbers, the queries to try;
 * `activeCount` is a multiple of 4. `bars` holds a 32-bit bar for each query.
 *
 * Each hit is written to `hits` as two 32-bit numbers: the query, and the kept one counted from the first panel. The
 * hits of one query come in ascending order of the kept one. Returns how many there are; `hits` has room for all pairs.
 */
export function screen(
  panels: usize,
  panelCount: i32,
  lanePairs: i32,
  queries: usize,
  bars: usize,
  active: usize,
  activeCount: i32,
  hits: usize,
): i32 {
  const rowBytes: usize = <usize>lanePairs << 2;
  const panelBytes: usize = <usize>lanePairs << 5;
  let hit = hits;

  for (let p = 0; p < panelCount; ++p) {
    const panel = panels + <usize>p * panelBytes;
    const panelEnd = panel + panelBytes;
    const kept = p << 3;

    // Four queries against eight kept ones: eight accumulators, two panel registers and one of the query stay in the
    // sixteen registers of x64.
    for (let t = 0; t < activeCount; t += 4) {
      const slot = active + (<usize>t << 2);
      const n0 = load<u32>(slot);
      const n1 = load<u32>(slot, 4);
      const n2 = load<u32>(slot, 8);
      const n3 = load<u32>(slot, 12);
      let q0 = queries + <usize>n0 * rowBytes;
      let q1 = queries + <usize>n1 * rowBytes;
      let q2 = queries + <usize>n2 * rowBytes;
      let q3 = queries + <usize>n3 * rowBytes;
      let a0 = i32x4.splat(0), b0 = i32x4.splat(0);
      let a1 = i32x4.splat(0), b1 = i32x4.splat(0);
      let a2 = i32x4.splat(0), b2 = i32x4.splat(0);
      let a3 = i32x4.splat(0), b3 = i32x4.splat(0);

      for (let at = panel; at < panelEnd; at += 32) {
        const a = v128.load(at);
        const b = v128.load(at, 16);
        let q = v128.load_splat<u32>(q0);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(a, q));
        b0 = i32x4.add(b0, i32x4.dot_i16x8_s(b, q));
        q = v128.load_splat<u32>(q1);
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(a, q));
        b1 = i32x4.add(b1, i32x4.dot_i16x8_s(b, q));
        q = v128.load_splat<u32>(q2);
        a2 = i32x4.add(a2, i32x4.dot_i16x8_s(a, q));
        b2 = i32x4.add(b2, i32x4.dot_i16x8_s(b, q));
        q = v128.load_splat<u32>(q3);
        a3 = i32x4.add(a3, i32x4.dot_i16x8_s(a, q));
        b3 = i32x4.add(b3, i32x4.dot_i16x8_s(b, q));
        q0 += 4;
        q1 += 4;
        q2 += 4;
        q3 += 4;
      }

      hit = record(hit, a0, b0, load<i32>(bars + (<usize>n0 << 2)), n0, kept);
      hit = record(hit, a1, b1, load<i32>(bars + (<usize>n1 << 2)), n1, kept);
      hit = record(hit, a2, b2, load<i32>(bars + (<usize>n2 << 2)), n2, kept);
      hit = record(hit, a3, b3, load<i32>(bars + (<usize>n3 << 2)), n3, kept);
    }
  }
  return <i32>((hit - hits) >> 3);
}

@inline
function record(hit: usize, a: v128, b: v128, bar: i32, query: u32, kept: i32): usize {
  const bars = i32x4.splat(bar);
  const overA = i32x4.ge_s(a, bars);
  const overB = i32x4.ge_s(b, bars);
  if (v128.any_true(v128.or(overA, overB))) {
    let lanes = i32x4.bitmask(overA) | (i32x4.bitmask(overB) << 4);
    while (lanes != 0) {
      store<u32>(hit, query);
      store<i32>(hit, kept + ctz(lanes), 4);
      hit += 8;
      lanes &= lanes - 1;
    }
  }
  return hit;
}

/**
 * `out[r] = Σᵢ basis[r][i] · vector[i]` in float64: `rows` rows of `width` components, where `rows` is a multiple of 4
 * and `width` of 2. The order of summation is its own: callers allow for any.
 */
export function project(vector: usize, basis: usize, rows: i32, width: i32, out: usize): void {
  const rowBytes: usize = <usize>width << 3;
  for (let r = 0; r < rows; r += 4) {
    const row0 = basis + <usize>r * rowBytes;
    const row1 = row0 + rowBytes;
    const row2 = row1 + rowBytes;
    const row3 = row2 + rowBytes;
    let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0), s3 = f64x2.splat(0);
    for (let i: usize = 0; i < rowBytes; i += 16) {
      const x = v128.load(vector + i);
      s0 = f64x2.add(s0, f64x2.mul(x, v128.load(row0 + i)));
      s1 = f64x2.add(s1, f64x2.mul(x, v128.load(row1 + i)));
      s2 = f64x2.add(s2, f64x2.mul(x, v128.load(row2 + i)));
      s3 = f64x2.add(s3, f64x2.mul(x, v128.load(row3 + i)));
    }
    const sums = out + (<usize>r << 3);
    store<f64>(sums, f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1));
    store<f64>(sums, f64x2.extract_lane(s1, 0) + f64x2.extract_lane(s1, 1), 8);
    store<f64>(sums, f64x2.extract_lane(s2, 0) + f64x2.extract_lane(s2, 1), 16);
    store<f64>(sums, f64x2.extract_lane(s3, 0) + f64x2.extract_lane(s3, 1), 24);
  }
}

/**
 * The rule's own cosine of many pairs: for each of the `count` pairs of 32-bit row numbers at `pairs` (a multiple of 4)
 * the sum, in index order and in float64, of the products of row `a` and row `b`, rows of `dimension` float32, written to
 * `out`. Each lane of a sum is one pair's, so that the order stays; four pairs go side by side, as each addition to a sum
 * must wait for the last one.
 */
export function cosines(a: usize, b: usize, dimension: i32, pairs: usize, count: i32, out: usize): void {
  const rowBytes: usize = <usize>dimension << 2;
  const evenBytes: usize = rowBytes & ~7;
  for (let pair = 0; pair < count; pair += 4) {
    const at = pairs + (<usize>pair << 3);
    const a0 = a + <usize>load<u32>(at) * rowBytes;
    const b0 = b + <usize>load<u32>(at, 4) * rowBytes;
    const a1 = a + <usize>load<u32>(at, 8) * rowBytes;
    const b1 = b + <usize>load<u32>(at, 12) * rowBytes;
    const a2 = a + <usize>load<u32>(at, 16) * rowBytes;
    const b2 = b + <usize>load<u32>(at, 20) * rowBytes;
    const a3 = a + <usize>load<u32>(at, 24) * rowBytes;
    const b3 = b + <usize>load<u32>(at, 28) * rowBytes;
    let s01 = f64x2.splat(0);
    let s23 = f64x2.splat(0);
    for (let i: usize = 0; i < evenBytes; i += 8) {
      const p0 = twoProducts(a0 + i, b0 + i);
      const p1 = twoProducts(a1 + i, b1 + i);
      const p2 = twoProducts(a2 + i, b2 + i);
      const p3 = twoProducts(a3 + i, b3 + i);
      s01 = f64x2.add(s01, v128.shuffle<f64>(p0, p1, 0, 2));
      s23 = f64x2.add(s23, v128.shuffle<f64>(p2, p3, 0, 2));
      s01 = f64x2.add(s01, v128.shuffle<f64>(p0, p1, 1, 3));
      s23 = f64x2.add(s23, v128.shuffle<f64>(p2, p3, 1, 3));
    }
    if (evenBytes < rowBytes) {
      const i = evenBytes;
      s01 = f64x2.add(s01, f64x2.replace_lane(f64x2.splat(lastProduct(a0 + i, b0 + i)), 1, lastProduct(a1 + i, b1 + i)));
      s23 = f64x2.add(s23, f64x2.replace_lane(f64x2.splat(lastProduct(a2 + i, b2 + i)), 1, lastProduct(a3 + i, b3 + i)));
    }
    const sums = out + (<usize>pair << 3);
    v128.store(sums, s01);
    v128.store(sums, s23, 16);
  }
}

/** Exact, as all products of two float32 in float64. */
@inline
function twoProducts(a: usize, b: usize): v128 {
  return f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(a)), f64x2.promote_low_f32x4(v128.load64_zero(b)));
}

@inline
function lastProduct(a: usize, b: usize): f64 {
  return <f64>load<f32>(a) * <f64>load<f32>(b);
}
