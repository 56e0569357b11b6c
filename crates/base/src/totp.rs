//! Codes from a phone: RFC 6238 with what every authenticator app does (SHA-1, 6 digits, 30 seconds).
//!
//! A code is accepted one step early or late, and only once: the caller keeps the step that [`check`] returns with the
//! person and passes it back, so that a code read over somebody's shoulder is worth nothing.

use hmac::{Hmac, KeyInit, Mac};
use kernel::text::Lang;
use kernel::{Instant, Kind, Refuse};
use sha1::Sha1;
use std::fmt;

const STEP_SECONDS: i64 = 30;
const DIGITS: u32 = 6;
/// Steps that the phone's clock may be off.
const DRIFT: i64 = 1;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The shared secret: 20 random bytes. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 20]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// Why a code is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TotpRefusal {
    /// Not six digits.
    Malformed,
    /// Not the code of now.
    Wrong,
    /// The code was used before.
    Used,
}

impl Refuse for TotpRefusal {
    fn code(&self) -> &'static str {
        match self {
            TotpRefusal::Malformed => "totp.malformed",
            TotpRefusal::Wrong => "totp.wrong",
            TotpRefusal::Used => "totp.used",
        }
    }
    fn kind(&self) -> Kind {
        match self {
            TotpRefusal::Malformed => Kind::Invalid,
            TotpRefusal::Wrong | TotpRefusal::Used => Kind::Unauthenticated,
        }
    }
    fn field(&self) -> Option<&str> {
        Some("code")
    }
    fn reason(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            TotpRefusal::Malformed => ("动态码应为6位数字", "The code has six digits"),
            TotpRefusal::Wrong => ("动态码不正确", "The code is wrong"),
            TotpRefusal::Used => ("这个动态码已经用过", "This code was used before"),
        };
        lang.pick(zh, en).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            TotpRefusal::Malformed => {
                ("请输入手机上显示的6位数字", "Enter the six digits that the phone shows")
            }
            TotpRefusal::Wrong => {
                ("请核对手机时间后输入当前动态码", "Check the phone's clock and enter the present code")
            }
            TotpRefusal::Used => ("请等待下一个动态码", "Wait for the next code"),
        };
        lang.pick(zh, en).to_owned()
    }
}
crate::refusals!(TotpRefusal);

impl Secret {
    /// From random bytes.
    pub fn new(bytes: [u8; 20]) -> Secret {
        Secret(bytes)
    }
    /// From its base32 text, as it is stored; blanks and lower case are taken.
    pub fn from_base32(text: &str) -> Option<Secret> {
        let mut bits = 0_u32;
        let mut held = 0_u32;
        let mut out = Vec::with_capacity(20);
        for c in text.bytes().filter(|c| !c.is_ascii_whitespace() && *c != b'=') {
            let at = ALPHABET.iter().position(|a| *a == c.to_ascii_uppercase())?;
            held = (held << 5 | u32::try_from(at).ok()?) & 0xfff;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                out.push(u8::try_from((held >> bits) & 0xff).ok()?);
            }
        }
        <[u8; 20]>::try_from(out).ok().map(Secret)
    }
    /// Base32 without padding: what is stored and what a person types when the camera does not work.
    pub fn base32(&self) -> String {
        // 5 bytes are 8 letters, so 20 bytes come out even.
        let letters = self.0.chunks(5).flat_map(|five| {
            let n = five.iter().fold(0_u64, |n, b| n << 8 | u64::from(*b));
            (0..8).rev().map(move |i| usize::try_from(n >> (5 * i) & 31).unwrap_or_default())
        });
        letters.filter_map(|i| ALPHABET.get(i)).map(|b| char::from(*b)).collect()
    }
    /// The address that an authenticator app reads from a QR code.
    pub fn uri(&self, issuer: &str, login: &str) -> String {
        let (issuer, login) = (escaped(issuer), escaped(login));
        let secret = self.base32();
        format!(
            "otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
        )
    }
    /// The code of a moment.
    pub fn code_at(&self, at: Instant) -> String {
        code(&self.0, at.seconds().div_euclid(STEP_SECONDS), DIGITS)
    }
}

/// Percent-encodes everything but unreserved characters.
fn escaped(text: &str) -> String {
    use fmt::Write;
    text.bytes().fold(String::new(), |mut out, b| {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            out.push(char::from(b));
        } else {
            let _written = write!(out, "%{b:02X}");
        }
        out
    })
}

fn code(key: &[u8], step: i64, digits: u32) -> String {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key) else { return String::new() };
    mac.update(&step.to_be_bytes());
    let sum = mac.finalize().into_bytes();
    let offset = usize::from(sum.last().copied().unwrap_or_default() & 15);
    let four = sum.iter().skip(offset).take(4).fold(0_u32, |n, b| n << 8 | u32::from(*b)) & 0x7fff_ffff;
    let width = usize::try_from(digits).unwrap_or_default();
    format!("{:0width$}", u64::from(four) % 10_u64.pow(digits))
}

/// Takes a code at `now` and returns its step, which the caller stores as the person's `last`; codes of that step and
/// before are refused from then on.
pub fn check(secret: &Secret, given: &str, now: Instant, last: Option<i64>) -> Result<i64, TotpRefusal> {
    let given: String = given.chars().filter(|c| !c.is_whitespace()).collect();
    if given.len() != 6 || !given.bytes().all(|b| b.is_ascii_digit()) {
        return Err(TotpRefusal::Malformed);
    }
    let present = now.seconds().div_euclid(STEP_SECONDS);
    // Every step is computed and compared whole, so that the time of the answer tells nothing.
    let hits: Vec<i64> = (present - DRIFT..=present + DRIFT)
        .filter(|step| crate::same(&code(&secret.0, *step, DIGITS), &given))
        .collect();
    let fresh = hits.iter().copied().find(|step| last.is_none_or(|last| *step > last));
    match (fresh, hits.is_empty()) {
        (Some(step), _) => Ok(step),
        (None, true) => Err(TotpRefusal::Wrong),
        (None, false) => Err(TotpRefusal::Used),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC: &[u8; 20] = b"12345678901234567890";

    #[test]
    fn vectors_of_rfc_6238() {
        let vectors = [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ];
        for (seconds, expected) in vectors {
            assert_eq!(code(RFC, seconds / 30, 8), expected);
            let at = Instant::from_micros(seconds * 1_000_000);
            assert_eq!(Secret::new(*RFC).code_at(at), expected[2..]);
        }
    }

    #[test]
    fn base32_and_the_address() {
        let secret = Secret::new(*RFC);
        assert_eq!(secret.base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(Secret::from_base32("gezd gnbv gy3t qojq gezd gnbv gy3t qojq"), Some(secret.clone()));
        for bad in ["", "GEZD", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1"] {
            assert!(Secret::from_base32(bad).is_none(), "{bad}");
        }
        let uri = secret.uri("数字官渡", "fgj lin");
        assert!(
            uri.starts_with("otpauth://totp/%E6%95%B0%E5%AD%97%E5%AE%98%E6%B8%A1:fgj%20lin?secret=GEZD"),
            "{uri}"
        );
        assert!(!format!("{secret:?}").contains("GEZD"));
    }

    #[test]
    fn one_step_of_drift_and_never_twice() {
        let secret = Secret::new([9; 20]);
        let now = Instant::from_micros(1_565_571_600_000_000);
        let step = check(&secret, &secret.code_at(now), now, None).unwrap();
        assert_eq!(check(&secret, &secret.code_at(now), now, Some(step)), Err(TotpRefusal::Used));
        for late in [-30, 30] {
            let code = secret.code_at(now.plus_seconds(late));
            assert!(check(&secret, &code, now, None).is_ok());
        }
        let old = secret.code_at(now.plus_seconds(-60));
        assert_eq!(check(&secret, &old, now, None), Err(TotpRefusal::Wrong));
        let next = secret.code_at(now.plus_seconds(30));
        let spaced = format!("{} {}", &next[..3], &next[3..]);
        assert_eq!(check(&secret, &spaced, now, Some(step)), Ok(step + 1));
        for bad in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert_eq!(check(&secret, bad, now, None), Err(TotpRefusal::Malformed), "{bad}");
        }
    }
}
