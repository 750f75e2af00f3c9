//! How unlike language a text is: what a person names things is made of common pairs of letters, what a machine draws is not.

/// Bits that the second letter of each pair costs after the first, times two, from 'a'; counted over names in public source code,
/// November 2026 (4.5 million pairs of the packages that this program is built from). Row: first letter; column: second letter.
const PAIRS: &[u8; 676] = b"rkijsnkvjvngjhxjxghflnpomtgnkmgoruhjsfpqhnwjjngrtvkvgqlpgnphkyiiosequjmgkrsxoyhnmjdnosfsskoohoukjnkpornwjoihlknroxsjkgplnfghrmnjovhpnmhhnxexvjoofqyilkiwuvmyjonpdplihxujmikmvhhliprvsterppdruugyspnqgswkniluryoyklijklkxrxqijehlvkigulwnyljulscqsulumsrofmuuhqgtsurwjmkmcomqguslojnnsohllqlqqvhppjelqtfxsgrrgmypjjjpqwjyekqoersuhysnkphgvpknjtrxqxirihhlgrjvnmpmiowphflmqxownmjionnvmtnjielixfkjiljqtugrnmfprmjyrhqrgivgkhjrqukynronqssusyxlrpqrplnratqyywgqlleoluhynnkkgpxjjiknpxkykskpeppkhynnoojjspheirovlrhqlnensgfysmoqimyhjjksosjxkjkmimlyjyyhigqiygggtvyryyespscrrvfyvrpskpvrppuxttuyfrnnhpsgexrmnihoxhipstntyvilglgkpohunnlqogsnnesrqkmulmlnjnnqjyrjjhievkggqnlvopirpobprqivtoorjotsnppqlvnh";
/// Bits of two digits in a row (log2 10).
const DIGITS: f64 = 3.3;
/// Bits of a change between letter and digit.
const CHANGE: f64 = 5.5;
/// Bits of a lower letter before an upper one, as in `camelCase`.
const HUMP: f64 = 4.0;
/// Bits of punctuation on either side.
const PUNCTUATION: f64 = 3.0;

/// Mean bits for a pair of neighbours: about 3.3 for names and words, about 5.8 for random letters and digits.
pub(super) fn rarity(text: &[u8]) -> f64 {
    if text.len() < 2 {
        return 0.0;
    }
    let bits: f64 = text.windows(2).map(|pair| cost(pair[0], pair[1])).sum();
    bits / f64::from(u32::try_from(text.len() - 1).unwrap_or(u32::MAX))
}

fn cost(first: u8, second: u8) -> f64 {
    match (first, second) {
        (a, b) if a.is_ascii_digit() && b.is_ascii_digit() => DIGITS,
        (a, b) if a.is_ascii_lowercase() && b.is_ascii_uppercase() => HUMP,
        (a, b) if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
            let place = |letter: u8| usize::from(letter.to_ascii_lowercase() - b'a');
            f64::from(PAIRS[place(a) * 26 + place(b)] - b'a') / 2.0
        }
        (a, b) if a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric() => CHANGE,
        _ => PUNCTUATION,
    }
}

/// Shannon entropy of the bytes, bits for each.
pub(super) fn entropy(text: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    text.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    let all = f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX)).max(1.0);
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / all)
        .map(|share| -share * share.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::{entropy, rarity};

    #[test]
    fn drawn_text_is_rarer_than_names() {
        for name in
            ["getAccessTokenFromHeader", "database_connection_string", "refresh-token-expired", "sha256_file_name"]
        {
            assert!(rarity(name.as_bytes()) < 4.3, "{name} {}", rarity(name.as_bytes()));
        }
        for drawn in ["q7Xz9LmP2vKt4RwB", "b84e190d9ebbbfe1", "kzqjxvwprtmbnhgf"] {
            assert!(rarity(drawn.as_bytes()) > 4.6, "{drawn} {}", rarity(drawn.as_bytes()));
        }
        assert!(rarity(b"").abs() < f64::EPSILON && rarity(b"a").abs() < f64::EPSILON);
    }

    #[test]
    fn entropy_is_shannons() {
        assert!(entropy(b"aaaa").abs() < 1e-9);
        assert!((entropy(b"abab") - 1.0).abs() < 1e-9);
        assert!((entropy(b"abcdefgh") - 3.0).abs() < 1e-9);
    }
}
