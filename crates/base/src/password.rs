//! Passwords: Argon2id hashes, a few minimum rules, and a check that takes as long for an absent account.
//!
//! Hashing costs about 20 ms and 19 MB on purpose: call it on the blocking pool, never inside a transaction.

use crate::fault::{Fault, Outcome};
use argon2::password_hash::{PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version, password_hash::CustomizedPasswordHasher};
use kernel::text::Lang;
use kernel::{Kind, Refuse};
use std::fmt;

/// Memory in KiB, passes and lanes: the first of the parameter sets that OWASP recommends for Argon2id.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Fewest characters.
const MIN: usize = 10;
/// Most bytes: longer ones only cost time.
const MAX: usize = 256;
/// Passwords and beginnings that are tried first by everybody who tries. Digits and case are ignored in comparing.
const COMMON: [&str; 24] = [
    "password",
    "passwd",
    "passw0rd",
    "qwerty",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsx",
    "qazwsxedc",
    "admin",
    "administrator",
    "root",
    "guest",
    "test",
    "welcome",
    "letmein",
    "iloveyou",
    "woaini",
    "woaizhongguo",
    "guandu",
    "guanduqu",
    "kunming",
    "shuziguandu",
    "abcdefghij",
];

/// A password that keeps the rules; `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(hidden)")
    }
}

/// Why a new password is not taken. Nothing of the password itself is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordRefusal {
    /// Fewer than the fewest characters.
    TooShort,
    /// More than the most bytes.
    TooLong,
    /// One that everybody tries first, or one character or run of digits over and over.
    Common,
    /// The login name, or little more than it.
    IsLogin,
}

impl Refuse for PasswordRefusal {
    fn code(&self) -> &'static str {
        match self {
            PasswordRefusal::TooShort => "password.too_short",
            PasswordRefusal::TooLong => "password.too_long",
            PasswordRefusal::Common => "password.common",
            PasswordRefusal::IsLogin => "password.is_login",
        }
    }
    fn kind(&self) -> Kind {
        Kind::Invalid
    }
    fn field(&self) -> Option<&str> {
        Some("password")
    }
    fn reason(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            PasswordRefusal::TooShort => ("密码太短", "The password is too short"),
            PasswordRefusal::TooLong => ("密码太长", "The password is too long"),
            PasswordRefusal::Common => {
                ("这个密码太常见，容易被猜中", "This password is among the first that anybody would guess")
            }
            PasswordRefusal::IsLogin => {
                ("密码与登录名过于相似", "The password is too much like the login name")
            }
        };
        lang.pick(zh, en).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            PasswordRefusal::TooLong => {
                (format!("请控制在{MAX}字节以内"), format!("Keep it within {MAX} bytes"))
            }
            _ => (
                format!("请使用至少{MIN}个字符，例如几个互不相关的词"),
                format!("Use at least {MIN} characters, for example several unrelated words"),
            ),
        };
        lang.pick(&zh, &en).to_owned()
    }
}
crate::refusals!(PasswordRefusal);

impl Password {
    /// Takes a new password for the account `login`, or says why not. Blanks at the ends are part of it.
    pub fn parse(login: &str, given: &str) -> Result<Password, PasswordRefusal> {
        if given.chars().count() < MIN {
            return Err(PasswordRefusal::TooShort);
        }
        if given.len() > MAX {
            return Err(PasswordRefusal::TooLong);
        }
        let low = given.to_lowercase();
        let login = login.trim().to_lowercase();
        let rest = low.replace(&login, "");
        if !login.is_empty() && rest.chars().count() < 4 && rest != low {
            return Err(PasswordRefusal::IsLogin);
        }
        let letters = low.trim_matches(|c: char| !c.is_alphabetic());
        if COMMON.contains(&letters) || is_monotonous(&low) {
            return Err(PasswordRefusal::Common);
        }
        Ok(Password(given.to_owned()))
    }
}

/// One character, a run such as 1234567890, or a short piece over and over.
fn is_monotonous(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let step = |pair: &[char]| match pair {
        [a, b] => i64::from(u32::from(*b)) - i64::from(u32::from(*a)),
        _ => 0,
    };
    let steps: Vec<i64> = chars.windows(2).map(step).collect();
    // 0 follows 9 on a keyboard.
    let run = |up: i64| steps.iter().all(|s| *s == up || *s == -9 * up);
    let repeats = |n: usize| chars.iter().zip(chars.iter().skip(n)).all(|(a, b)| a == b);
    run(0) || run(1) || run(-1) || (1..=3).any(repeats)
}

fn argon(params: Params) -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn params() -> Outcome<Params> {
    Params::new(MEMORY, PASSES, LANES, None).map_err(|e| Fault::broken(format!("argon2: {e}")))
}

/// The hash to store, in PHC form; `salt` is random.
pub fn hash(password: &Password, salt: &[u8; 16]) -> Outcome<String> {
    let made = argon(params()?).hash_password_customized(password.0.as_bytes(), salt, None, None, params()?);
    let made: PasswordHash = made.map_err(|e| Fault::broken(format!("argon2: {e}")))?;
    Ok(made.to_string())
}

/// True when `given` is the password of the stored hash. A hash that does not parse matches nothing.
pub fn verify(given: &str, stored: &str) -> bool {
    if given.len() > MAX {
        return verify_absent(given);
    }
    let Ok(parsed) = PasswordHash::new(stored) else { return verify_absent(given) };
    argon(Params::default()).verify_password(given.as_bytes(), &parsed).is_ok()
}

/// Does the work of [`verify`] for an account that does not exist, so that the time of the answer does not tell which
/// logins exist. Always false.
pub fn verify_absent(given: &str) -> bool {
    let mut out = [0_u8; 32];
    let bytes = given.as_bytes();
    let bytes = bytes.get(..MAX).unwrap_or(bytes);
    if let Ok(params) = params() {
        let done = argon(params).hash_password_into(bytes, b"nobody's own salt", &mut out);
        std::hint::black_box((done.is_ok(), out));
    }
    false
}

/// True when the stored hash was made with weaker or other parameters: hash again at the next good sign-in.
pub fn needs_rehash(stored: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(stored) else { return true };
    let same = |p: Params| (p.m_cost(), p.t_cost(), p.p_cost()) == (MEMORY, PASSES, LANES);
    !Params::try_from(&parsed).is_ok_and(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no(login: &str, given: &str) -> PasswordRefusal {
        Password::parse(login, given).unwrap_err()
    }

    #[test]
    fn a_hash_verifies_only_its_password() {
        let password = Password::parse("lin", "three green herons").unwrap();
        let stored = hash(&password, &[3; 16]).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify("three green herons", &stored));
        assert!(!verify("three green heron", &stored));
        assert!(!verify("three green herons", "not a hash"));
        assert!(!verify_absent("three green herons"));
        assert!(!needs_rehash(&stored));
        assert!(needs_rehash(&stored.replace("t=2", "t=1")));
        assert_ne!(stored, hash(&password, &[4; 16]).unwrap());
        assert!(!format!("{password:?}").contains("heron"));
    }

    #[test]
    fn weak_ones_are_refused_by_name() {
        assert_eq!(no("lin", "短密码"), PasswordRefusal::TooShort);
        assert_eq!(no("lin", &"长".repeat(100)), PasswordRefusal::TooLong);
        for common in
            ["Password123", "1234567890", "0987654321", "aaaaaaaaaa", "abcabcabcabc", "!!guandu2019!!"]
        {
            assert_eq!(no("lin", common), PasswordRefusal::Common, "{common}");
        }
        assert_eq!(no("wang.xiaolin", "Wang.Xiaolin1"), PasswordRefusal::IsLogin);
        assert!(Password::parse("lin", "虹桥路的晚风真好今天").is_ok());
        assert!(Password::parse("", "three green herons").is_ok());
        for lang in [Lang::Zh, Lang::En] {
            assert!(!PasswordRefusal::Common.next(lang).is_empty());
        }
    }
}
