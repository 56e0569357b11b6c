//! Signatures of Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, written `v1,<base64>`.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const PREFIX: &str = "whsec_";

/// The text of a secret made of random bytes, as its owner sees it.
pub fn secret_text(bytes: &[u8; 32]) -> String {
    format!("{PREFIX}{}", BASE64_STANDARD.encode(bytes))
}

/// The key in a secret's text; the specification asks for 24 to 64 bytes.
fn key(secret: &str) -> Option<Vec<u8>> {
    let bytes = BASE64_STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
    (24..=64).contains(&bytes.len()).then_some(bytes)
}

/// The header `webhook-signature`: one signature for each secret, separated by blanks, so that a receiver may change
/// its secret while messages are on their way. `secrets` is separated by blanks too; unusable ones are left out.
pub fn signature(secrets: &str, id: &str, timestamp: i64, body: &str) -> String {
    let signed = format!("{id}.{timestamp}.{body}");
    let one = |secret: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key(secret)?).ok()?;
        mac.update(signed.as_bytes());
        Some(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
    };
    secrets.split_whitespace().filter_map(one).collect::<Vec<_>>().join(" ")
}
