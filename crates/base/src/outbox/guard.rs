//! Keeps webhooks out of our own network: a receiver's address is given by a user, and the program that calls it stands
//! inside. Names are judged after they are resolved, and the connection goes to the very address that was judged, so a
//! name that changes its mind in between gains nothing.

use super::refusal::OutboxRefusal;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Refuses a receiver whose address cannot be right whatever its name resolves to. `allow_private` also allows http.
pub fn check_url(url: &str, allow_private: bool) -> Result<(), OutboxRefusal> {
    let bad = || OutboxRefusal::BadUrl { url: url.to_owned() };
    let uri: Uri = url.parse().map_err(|_| bad())?;
    let authority = uri.authority().ok_or_else(bad)?;
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if allow_private => {}
        Some("http") => return Err(OutboxRefusal::NotHttps { url: url.to_owned() }),
        _ => return Err(bad()),
    }
    let host = authority.host();
    if authority.as_str().contains('@') || host.is_empty() || url.len() > 2000 {
        return Err(bad());
    }
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let local = host.eq_ignore_ascii_case("localhost") || literal.is_ok_and(|ip| !is_public(ip));
    if local && !allow_private {
        return Err(OutboxRefusal::PrivateAddress { url: url.to_owned() });
    }
    Ok(())
}

/// True for an address that lies in the public internet.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let reserved = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)
            // Carrier networks, link-local, private, benchmarks.
            | (100, 64..=127, _) | (169, 254, _) | (172, 16..=31, _) | (192, 168, _) | (198, 18 | 19, _)
            // Protocol assignments, documentation, 6to4 relays.
            | (192, 0, 0 | 2) | (192, 88, 99) | (198, 51, 100) | (203, 0, 113)
    );
    !reserved
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, _, _, _, g, h] = ip.segments();
    let inner = |hi: u16, lo: u16| {
        let ([w, x], [y, z]) = (hi.to_be_bytes(), lo.to_be_bytes());
        is_public_v4(Ipv4Addr::new(w, x, y, z))
    };
    if let Some(v4) = ip.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    match (a, b) {
        // NAT64 and 6to4 lead to the IPv4 address inside.
        (0x64, 0xff9b) if c == 0 => inner(g, h),
        (0x2002, _) => inner(b, c),
        // Teredo, ORCHID, benchmarks, documentation.
        (0x2001, 0 | 2 | 0x10..=0x2f | 0xdb8) | (0x3fff, 0..=0xfff) => false,
        // Only 2000::/3 is given out as global unicast.
        _ => a & 0xe000 == 0x2000,
    }
}

/// Resolves names as usual and refuses those that lead inside.
#[derive(Debug)]
pub(super) struct Guarded {
    pub(super) allow_private: bool,
    pub(super) inner: DefaultResolver,
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        if !self.allow_private && found.iter().any(|addr| !is_public(addr.ip())) {
            let text = "the receiver's name leads into a private or reserved network";
            return Err(ureq::Error::Io(std::io::Error::new(std::io::ErrorKind::PermissionDenied, text)));
        }
        Ok(found)
    }
}
