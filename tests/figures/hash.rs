//! XXH3 of short texts, by its specification: which of the 64 jackknife groups a voice falls in depends on it.

#[rustfmt::skip]
const SECRET: [u8; 192] = [
    0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c,
    0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb, 0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f,
    0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21,
    0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c,
    0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb, 0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3,
    0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
    0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d,
    0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31, 0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64,
    0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb,
    0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e,
    0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc, 0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce,
    0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
];
const PRIME_1: u64 = 0x9E37_79B1_85EB_CA87;
const PRIME_2: u64 = 0xC2B2_AE3D_27D4_EB4F;
const PRIME_3: u64 = 0x1656_67B1_9E37_79F9;

fn word(bytes: &[u8], at: usize) -> u64 {
    (0..8).map(|i| u64::from(bytes[at + i]) << (8 * i)).sum()
}

fn half(bytes: &[u8], at: usize) -> u64 {
    word(&[&bytes[at..at + 4], &[0; 4]].concat(), 0)
}

fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

fn mix(bytes: &[u8], at: usize, secret: usize, seed: u64) -> u64 {
    fold(
        word(bytes, at) ^ word(&SECRET, secret).wrapping_add(seed),
        word(bytes, at + 8) ^ word(&SECRET, secret + 8).wrapping_sub(seed),
    )
}

fn avalanche(mut x: u64) -> u64 {
    x ^= x >> 37;
    x = x.wrapping_mul(0x1656_6791_9E37_79F9);
    x ^ (x >> 32)
}

fn old_avalanche(mut x: u64) -> u64 {
    x = (x ^ (x >> 33)).wrapping_mul(PRIME_2);
    x = (x ^ (x >> 29)).wrapping_mul(PRIME_3);
    x ^ (x >> 32)
}

/// 64-bit XXH3 of a text of at most 240 bytes.
pub(crate) fn xxh3(text: &str, seed: u64) -> u64 {
    let bytes = text.as_bytes();
    let n = bytes.len();
    let long = n as u64;
    let s = |at: usize| word(&SECRET, at);
    match n {
        0 => old_avalanche(seed ^ s(56) ^ s(64)),
        1..=3 => {
            let (first, middle, last) = (u64::from(bytes[0]), u64::from(bytes[n / 2]), u64::from(bytes[n - 1]));
            let joined = (first << 16) | (middle << 24) | last | (long << 8);
            old_avalanche(joined ^ (half(&SECRET, 0) ^ half(&SECRET, 4)).wrapping_add(seed))
        }
        4..=8 => {
            let seed = seed ^ (u64::from((seed as u32).swap_bytes()) << 32);
            let joined = half(bytes, n - 4).wrapping_add(half(bytes, 0) << 32);
            let mut x = joined ^ (s(8) ^ s(16)).wrapping_sub(seed);
            x ^= x.rotate_left(49) ^ x.rotate_left(24);
            x = x.wrapping_mul(0x9FB2_1C65_1E98_DF25);
            x ^= (x >> 35).wrapping_add(long);
            x = x.wrapping_mul(0x9FB2_1C65_1E98_DF25);
            x ^ (x >> 28)
        }
        9..=16 => {
            let low = word(bytes, 0) ^ (s(24) ^ s(32)).wrapping_add(seed);
            let high = word(bytes, n - 8) ^ (s(40) ^ s(48)).wrapping_sub(seed);
            avalanche(long.wrapping_add(low.swap_bytes()).wrapping_add(high).wrapping_add(fold(low, high)))
        }
        17..=128 => {
            let pairs = n.div_ceil(32);
            let sum = (0..pairs).fold(long.wrapping_mul(PRIME_1), |sum, i| {
                let ends =
                    mix(bytes, 16 * i, 32 * i, seed).wrapping_add(mix(bytes, n - 16 * (i + 1), 32 * i + 16, seed));
                sum.wrapping_add(ends)
            });
            avalanche(sum)
        }
        129..=240 => {
            let start =
                (0..8).fold(long.wrapping_mul(PRIME_1), |x, i| x.wrapping_add(mix(bytes, 16 * i, 16 * i, seed)));
            let middle =
                (8..n / 16).fold(avalanche(start), |x, i| x.wrapping_add(mix(bytes, 16 * i, 16 * (i - 8) + 3, seed)));
            avalanche(middle.wrapping_add(mix(bytes, n - 16, 136 - 17, seed)))
        }
        _ => panic!("no account or identifier of the examples is longer than 240 bytes"),
    }
}

/// Values of the reference implementation's own test program, and of `xxhsum -H3`.
#[test]
fn published_values() {
    assert_eq!(xxh3("", 0), 0x2d06_8005_38d3_94c2);
    assert_eq!(xxh3("a", 0), 0xe6c6_32b6_1e96_4e1f);
    assert_eq!(xxh3("abc", 0), 0x78af_5f94_892f_3950);
}
