//! What a request may ask for, and under which name.
//!
//! In: the request target and the `Host` header as they came. Out: a [`Get`] that is safe to look
//! up, or the reason for the refusal.

use std::net::IpAddr;

/// No address is longer, in bytes: a path of the most that a system allows, of characters that take
/// three each.
const LONGEST: usize = 3 * 4096;

/// A request for a page: its decoded path and its query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Get {
    /// Percent-decoded, starts with `/`. No segment is `.`, `..` or empty (the last may be, after
    /// a final `/`), and none holds a slash, a backslash or a control character.
    pub path: String,
    query: Vec<(String, String)>,
}

impl Get {
    /// Reads the target of a request line; `None` when it is malformed or tries to climb.
    pub fn parse(target: &str) -> Option<Self> {
        if target.len() > LONGEST {
            return None;
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut decoded = String::with_capacity(path.len());
        let mut segments = path.strip_prefix('/')?.split('/').peekable();
        while let Some(raw) = segments.next() {
            let segment = String::from_utf8(percent_decode(raw, false)?).ok()?;
            let hollow = segment.is_empty() && segments.peek().is_some();
            let climbs = segment == "." || segment == "..";
            if hollow || climbs || segment.contains(|c: char| c.is_control() || "/\\".contains(c)) {
                return None;
            }
            decoded.push('/');
            decoded.push_str(&segment);
        }
        let text = |raw| Some(String::from_utf8_lossy(&percent_decode(raw, true)?).into_owned());
        let query = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| Some((text(name)?, text(value)?)))
            .collect::<Option<_>>()?;
        Some(Self {
            path: decoded,
            query,
        })
    }

    /// The first value of a query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        let pair = self.query.iter().find(|(key, _)| key == name)?;
        Some(&pair.1)
    }
}

fn percent_decode(raw: &str, plus_is_space: bool) -> Option<Vec<u8>> {
    let mut bytes = raw.bytes();
    let mut decoded = Vec::with_capacity(raw.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                u8::try_from(digit(bytes.next())? * 16 + digit(bytes.next())?).ok()?
            }
            b'+' if plus_is_space => b' ',
            other => other,
        });
    }
    Some(decoded)
}

/// The names under which the server answers. A foreign name that resolves to this machine is how
/// a web page on the internet would read the preview (DNS rebinding), so it is refused.
#[derive(Debug)]
pub(super) struct Hosts {
    own: String,
    any_address: bool,
}

impl Hosts {
    /// `own` is the host the server was told to listen on.
    pub(super) fn new(own: &str) -> Self {
        let own = bare(own);
        let any_address = own.parse().is_ok_and(|ip: IpAddr| ip.is_unspecified());
        Self { own, any_address }
    }

    /// Whether a request for `host`, a `Host` header with or without a port, is meant for us.
    pub(super) fn allow(&self, host: &str) -> bool {
        let name = bare(host);
        if let Ok(ip) = name.parse::<IpAddr>() {
            return self.any_address || ip.to_canonical().is_loopback() || name == self.own;
        }
        // What ends a host elsewhere, such as `#`, is no part of a name.
        let is_name = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
        name == "localhost"
            || (name.ends_with(".localhost") && name.bytes().all(is_name))
            || (!name.is_empty() && name == self.own)
    }
}

/// The name or address in `host`: without port, brackets, final dot, and in lower case.
pub(super) fn bare(host: &str) -> String {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => match host.rsplit_once(':') {
            Some((name, port))
                if !name.contains(':') && port.bytes().all(|b| b.is_ascii_digit()) =>
            {
                name
            }
            _ => host,
        },
    };
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_decoded() {
        let get = Get::parse("/personas/priya%20raman/?route=%2Fa+b&x").expect("a good target");
        assert_eq!(get.path, "/personas/priya raman/");
        assert_eq!(get.query("route"), Some("/a b"));
        assert_eq!(get.query("x"), Some(""));
        assert_eq!(get.query("y"), None);
        assert_eq!(Get::parse("/").expect("the root").path, "/");
        assert_eq!(Get::parse("/%C3%A9").expect("an accent").path, "/é");
    }

    #[test]
    fn paths_that_climb_or_lie_are_refused() {
        for target in [
            "",
            "x",
            "*",
            "//etc",
            "/a//b",
            "/..",
            "/a/../b",
            "/%2e%2e/x",
            "/%2e%2e%2fx",
            "/a/./b",
            "/%00",
            "/a%5cb",
            "/..\\x",
            "/a%2fb",
            "/%zz",
            "/%4",
            "/%+1",
            "/%ff",
            "/a%0d%0ab",
            "http://evil/",
        ] {
            assert_eq!(Get::parse(target), None, "{target}");
        }
    }

    #[test]
    fn only_local_names_and_the_own_one_are_served() {
        let local = Hosts::new("127.0.0.1");
        for host in [
            "localhost",
            "LOCALHOST:80",
            "localhost.",
            "a.localhost:3000",
            "127.0.0.1",
            "127.9.9.9:1",
            "[::1]:8080",
            "[::1]",
            "[::ffff:127.0.0.1]:1",
        ] {
            assert!(local.allow(host), "{host}");
        }
        for host in [
            "",
            ":80",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "notlocalhost",
            "10.0.0.1",
            "0.0.0.0:80",
            "[::]",
            "[fe80::1]:80",
            "localhost:80:80",
            "localhost:80@evil",
            "evil.example#.localhost",
            "evil.example/.localhost",
            "evil.example\\.localhost",
            "evil.example@.localhost",
            "evil.example .localhost",
        ] {
            assert!(!local.allow(host), "{host}");
        }
        let named = Hosts::new("box.lan");
        assert!(
            named.allow("BOX.lan:3000") && named.allow("localhost") && !named.allow("other.lan")
        );
        let open = Hosts::new("0.0.0.0");
        assert!(
            open.allow("10.0.0.1:3000")
                && open.allow("[fe80::1]:3000")
                && !open.allow("evil.example")
        );
    }
}
