//! The client's address: the peer's, unless the peer is a proxy we trust and says whom it speaks for.
//!
//! A forwarded chain is read from the right: each trusted hop vouches for the one before it, and the first hop that
//! is not trusted is the client. What stands further left was written by strangers and is ignored.
//!
//! Only one header is read, the one that is set: a proxy that writes the one passes the other on as a stranger sent it.

use std::fmt;
use std::net::IpAddr;

use axum::http::HeaderMap;

/// A network in CIDR form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// `10.0.0.0/8`, `2001:db8::/32`, or a single address.
    pub fn parse(text: &str) -> Result<Network, String> {
        let wrong = || format!("{text:?} is no network; write for example 10.0.0.0/8 or 192.0.2.7");
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u8>().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(longest);
        if prefix > longest { Err(wrong()) } else { Ok(Network { address, prefix }) }
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.prefix)).unwrap_or(0);
                network.to_bits() & mask == address.to_bits() & mask
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.prefix)).unwrap_or(0);
                network.to_bits() & mask == address.to_bits() & mask
            }
            _ => false,
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// The header by which the trusted proxies say whom they speak for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For` and `X-Forwarded-Proto`: what nearly all proxies write.
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// Whom to believe, and by which header.
#[derive(Clone, Debug)]
pub struct Trust<'a> {
    pub networks: &'a [Network],
    pub header: ForwardedHeader,
}

/// The address to write into records for a request that came from `peer`.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, trust: &Trust<'_>) -> IpAddr {
    let trusted = trust.networks;
    let peer = peer.to_canonical();
    if !is_trusted(peer, trusted) {
        return peer;
    }
    let mut client = peer;
    for hop in forwarded_chain(headers, trust.header).into_iter().rev() {
        // An unreadable hop ends the chain: nobody we trust can vouch for what stands before it.
        let Some(address) = hop else { break };
        client = address;
        if !is_trusted(address, trusted) {
            break;
        }
    }
    client
}

/// Whether the client spoke TLS to a proxy that we trust.
pub fn came_over_tls(peer: IpAddr, headers: &HeaderMap, trust: &Trust<'_>) -> bool {
    if !is_trusted(peer.to_canonical(), trust.networks) {
        return false;
    }
    let name = match trust.header {
        ForwardedHeader::XForwardedFor => "x-forwarded-proto",
        ForwardedHeader::Forwarded => "forwarded",
    };
    let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let last = value.rsplit(',').next().unwrap_or_default().trim().to_ascii_lowercase();
    match trust.header {
        ForwardedHeader::XForwardedFor => last == "https",
        ForwardedHeader::Forwarded => last.split(';').any(|pair| pair.trim() == "proto=https"),
    }
}

fn is_trusted(address: IpAddr, trusted: &[Network]) -> bool {
    trusted.iter().any(|network| network.contains(address))
}

/// The hops as written, left to right; `None` where one is no address.
fn forwarded_chain(headers: &HeaderMap, header: ForwardedHeader) -> Vec<Option<IpAddr>> {
    let values = |name: &str| -> String {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.collect::<Vec<_>>().join(",")
    };
    let hops = |text: &str, read: fn(&str) -> Option<IpAddr>| -> Vec<Option<IpAddr>> {
        text.split(',').map(str::trim).filter(|hop| !hop.is_empty()).map(read).collect()
    };
    match header {
        ForwardedHeader::XForwardedFor => hops(&values("x-forwarded-for"), hop_address),
        ForwardedHeader::Forwarded => hops(&values("forwarded"), forwarded_for),
    }
}

/// The `for=` of one element of `Forwarded` (RFC 7239).
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let pair = element.split(';').map(str::trim).find(|pair| pair.to_ascii_lowercase().starts_with("for="))?;
    hop_address(pair[4..].trim_matches('"'))
}

/// An address with or without port: `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]:80`, `2001:db8::1`.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = || hop.parse::<IpAddr>().ok();
    let with_port = || hop.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    let bracketed = || hop.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    bare().or_else(with_port).or_else(bracketed).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn check(peer: &str, header: &str, value: &'static str, expected: &str) {
        let trusted = [Network::parse("10.0.0.0/8").expect("CIDR"), Network::parse("::1").expect("address")];
        let mut headers = HeaderMap::new();
        headers.insert(axum::http::HeaderName::try_from(header).expect("name"), HeaderValue::from_static(value));
        let read = if header == "forwarded" { ForwardedHeader::Forwarded } else { ForwardedHeader::XForwardedFor };
        let trust = Trust { networks: &trusted, header: read };
        let found = client_address(peer.parse().expect("peer"), &headers, &trust);
        assert_eq!(found.to_string(), expected, "{peer} {header}: {value}");
    }

    #[test]
    fn the_client_is_the_rightmost_hop_that_is_not_trusted() {
        check("198.51.100.9", "x-forwarded-for", "203.0.113.1", "198.51.100.9");
        check("10.0.0.1", "x-forwarded-for", "203.0.113.1", "203.0.113.1");
        check("10.0.0.1", "x-forwarded-for", "1.2.3.4, 203.0.113.1, 10.9.9.9", "203.0.113.1");
        check("10.0.0.1", "x-forwarded-for", "1.2.3.4, not an address, 10.9.9.9", "10.9.9.9");
        check("10.0.0.1", "x-forwarded-for", "203.0.113.1:4711", "203.0.113.1");
        check("::ffff:10.0.0.1", "x-forwarded-for", "203.0.113.1", "203.0.113.1");
        check("::1", "forwarded", "for=\"[2001:db8::1]:80\";proto=https, for=10.1.1.1", "2001:db8::1");
        check("10.0.0.1", "forwarded", "for=unknown, for=10.1.1.1", "10.1.1.1");
        check("10.0.0.1", "x-nothing", "x", "10.0.0.1");
    }

    #[test]
    fn the_header_that_the_proxy_does_not_write_is_a_strangers_word() {
        let networks = [Network::parse("10.0.0.0/8").expect("CIDR")];
        let trust = Trust { networks: &networks, header: ForwardedHeader::XForwardedFor };
        let mut headers = HeaderMap::new();
        headers.insert("forwarded", HeaderValue::from_static("for=1.2.3.4;proto=https"));
        headers.insert("x-forwarded-for", HeaderValue::from_static("203.0.113.1"));
        let peer = "10.0.0.1".parse().expect("peer");
        assert_eq!(client_address(peer, &headers, &trust).to_string(), "203.0.113.1");
        assert!(!came_over_tls(peer, &headers, &trust));
        headers.insert("x-forwarded-proto", HeaderValue::from_static("https"));
        assert!(came_over_tls(peer, &headers, &trust));
        assert!(!came_over_tls("198.51.100.9".parse().expect("peer"), &headers, &trust), "only from a trusted peer");
    }

    #[test]
    fn networks_are_read_and_contain_their_own() {
        for bad in ["", "10.0.0.0/33", "x/8", "10.0.0.0/-1"] {
            assert!(Network::parse(bad).is_err(), "{bad}");
        }
        assert!(Network::parse("0.0.0.0/0").expect("all").contains("8.8.8.8".parse().expect("address")));
        assert!(!Network::parse("0.0.0.0/0").expect("all").contains("2001:db8::1".parse().expect("address")));
    }
}
