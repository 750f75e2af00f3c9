//! Checksums and ids that some kinds of keys carry: a value whose own parts contradict one another was never given out.

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE36: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// The alphabet of RFC 4648 section 6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Whether the last six characters are the CRC-32 of those before in base 62: tokens of GitHub, and of npm since September 2021
/// (both told by GitHub's own announcements of the formats).
pub(super) fn base62(body: &[u8]) -> bool {
    let Some((random, check)) = body.split_last_chunk::<6>() else { return false };
    *check == digits::<6>(BASE62, crc32fast::hash(random).into())
}

/// Whether a personal token of GitLab holds together: a routable one ends with its version, the length of its payload and the CRC-32 of all
/// before, the last two in base 36 (lib/authn/token_field/generator/routable_token.rb of GitLab). One without dots holds nothing that could
/// be checked, nor does another kind or version.
pub(super) fn gitlab(token: &[u8]) -> bool {
    let mut parts = token.splitn(3, |byte| *byte == b'.');
    let (Some(payload), Some(b"01"), Some(end)) =
        (parts.next().and_then(|head| head.strip_prefix(b"glpat-")), parts.next(), parts.next())
    else {
        return true;
    };
    let Some((rest, check)) = token.split_last_chunk::<7>() else { return false };
    let length = digits::<2>(BASE36, u64::try_from(payload.len()).unwrap_or(u64::MAX));
    end.len() == 9 && end[..2] == length && *check == digits::<7>(BASE36, crc32fast::hash(rest).into())
}

/// Whether an access key id of AWS can name an account. Ids given out since 2019 begin, behind the four letters of their kind, with a one and
/// the forty bits of the account's number, which has twelve digits at most; older ids tell nothing.
pub(super) fn aws_account(id: &[u8]) -> bool {
    let body = id.get(4..).unwrap_or_default();
    let place =
        |letter: &u8| BASE32.iter().position(|known| known == letter).and_then(|place| u64::try_from(place).ok());
    let bits = body.iter().take(9).try_fold(0_u64, |bits, letter| Some(bits << 5 | place(letter)?));
    let Some(bits) = bits.filter(|_| body.len() >= 9) else { return false };
    let (newer, account) = (bits >> 44 & 1 == 1, bits >> 4 & ((1 << 40) - 1));
    !newer || account < 1_000_000_000_000
}

/// The last digits of a number in a base, most significant first.
fn digits<const N: usize>(base: &[u8], mut number: u64) -> [u8; N] {
    let radix = u64::try_from(base.len()).unwrap_or(1);
    let mut text = [b'0'; N];
    for digit in text.iter_mut().rev() {
        *digit = usize::try_from(number % radix).ok().and_then(|place| base.get(place)).copied().unwrap_or(b'?');
        number /= radix;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_gitlab_with_a_wrong_letter_is_none() {
        let payload = ["bGV0IG1lIHNlZSB3", "aGF0IHlvdSBoYXZl"].concat();
        let text = format!("glpat-{payload}.01.0w");
        let good =
            text.clone() + std::str::from_utf8(&digits::<7>(BASE36, crc32fast::hash(text.as_bytes()).into())).unwrap();
        assert!(gitlab(good.as_bytes()), "{good}");
        let other = if good.ends_with('0') { "1" } else { "0" };
        assert!(!gitlab(format!("{}{other}", &good[..good.len() - 1]).as_bytes()));
        assert!(!gitlab(good.replace("bGV0", "bGV1").as_bytes()));
        let longer = format!("glpat-{payload}.01.0x");
        let sum = digits::<7>(BASE36, crc32fast::hash(longer.as_bytes()).into());
        assert!(!gitlab(&[longer.as_bytes(), &sum].concat()), "the length is another");
        assert!(gitlab(b"glpat-q7Xz9LmP2vKt4RwB8nHs"), "one without dots carries no checksum");
    }

    #[test]
    fn an_id_of_aws_names_an_account_of_twelve_digits() {
        // The account 29608264753, and the largest that there can be beside the first that cannot.
        let id = |account: u64| {
            let bits = 1_u64 << 44 | account << 4;
            let letters = (0..9).rev().map(|at| char::from(BASE32[(bits >> (5 * at) & 31) as usize]));
            format!("ASIA{}Y56JQ7W", letters.collect::<String>())
        };
        assert_eq!(&id(29_608_264_753)[..11], "ASIAQNZGKIQ");
        assert!(aws_account(id(29_608_264_753).as_bytes()) && aws_account(id(999_999_999_999).as_bytes()));
        assert!(!aws_account(id(1_000_000_000_000).as_bytes()));
        assert!(aws_account(b"AKIAJ7777777777MADE2"), "ids from before 2019 hold no account");
        assert!(!aws_account(b"AKIAQ"));
    }
}
