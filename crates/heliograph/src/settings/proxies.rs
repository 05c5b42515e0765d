//! The proxies in front: whose word about a client's address is believed. Pure.

use std::net::IpAddr;

/// In which header the proxies say for whom they ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Header {
    /// RFC 7239.
    Forwarded,
    XForwardedFor,
}

/// A network: an address and how many of its first bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let max = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(max);
        (bits <= max).then_some(Self { address, bits })
    }

    fn contains(self, other: IpAddr) -> bool {
        let same = |a: u128, b: u128, width: u32| self.bits == 0 || (a ^ b) >> (width - self.bits) == 0;
        match (self.address, other) {
            (IpAddr::V4(a), IpAddr::V4(b)) => same(u128::from(u32::from(a)), u128::from(u32::from(b)), 32),
            (IpAddr::V6(a), IpAddr::V6(b)) => same(u128::from(a), u128::from(b), 128),
            _ => false,
        }
    }
}

/// The proxies that are believed. With none, the socket's address is the client's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proxies {
    trusted: Vec<Network>,
    header: Header,
}

impl Proxies {
    /// Reads a list of addresses and networks, with commas between, and the name of the header. What
    /// could not be read is given back.
    pub(super) fn parse(list: &str, header: &str) -> Result<Self, &'static str> {
        let header = match header.to_ascii_lowercase().as_str() {
            "forwarded" => Header::Forwarded,
            "x-forwarded-for" => Header::XForwardedFor,
            _ => return Err("proxy_header"),
        };
        let parts = list.split(',').map(str::trim).filter(|part| !part.is_empty());
        let trusted = parts.map(Network::parse).collect::<Option<Vec<_>>>().ok_or("trusted_proxies")?;
        Ok(Self { trusted, header })
    }

    /// The header to read, by its name.
    pub(crate) fn header(&self) -> &'static str {
        match self.header {
            Header::Forwarded => "forwarded",
            Header::XForwardedFor => "x-forwarded-for",
        }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(address))
    }

    /// Who asks. Each proxy appends the address that it saw, so the list is read from its end, and
    /// only as far as those who wrote are believed: what a client wrote into it itself is never used.
    pub(crate) fn client(&self, socket: IpAddr, values: &[&str]) -> IpAddr {
        let mut client = socket.to_canonical();
        let hops = values.iter().rev().flat_map(|value| value.rsplit(','));
        for hop in hops {
            if !self.trusts(client) {
                break;
            }
            let Some(address) = self.address(hop) else { break };
            client = address.to_canonical();
        }
        client
    }

    /// The address in one entry of the header; obfuscated and unreadable ones are none.
    fn address(&self, hop: &str) -> Option<IpAddr> {
        let text = match self.header {
            Header::XForwardedFor => hop.trim(),
            Header::Forwarded => hop.split(';').find_map(|pair| {
                let (name, value) = pair.trim().split_once('=')?;
                name.eq_ignore_ascii_case("for").then(|| value.trim().trim_matches('"'))
            })?,
        };
        // 192.0.2.1, 192.0.2.1:4711, 2001:db8::1, [2001:db8::1], [2001:db8::1]:4711
        if let Some(rest) = text.strip_prefix('[') {
            return rest.split_once(']')?.0.parse().ok();
        }
        let plain = text.parse().ok();
        plain.or_else(|| text.rsplit_once(':').and_then(|(address, _)| address.parse().ok()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn proxies(list: &str, header: &str) -> Proxies {
        Proxies::parse(list, header).unwrap()
    }

    fn client(proxies: &Proxies, socket: &str, values: &[&str]) -> String {
        proxies.client(socket.parse().unwrap(), values).to_string()
    }

    #[test]
    fn without_a_trusted_proxy_no_header_is_believed() {
        let none = proxies("", "X-Forwarded-For");
        assert_eq!(client(&none, "198.51.100.7", &["203.0.113.1"]), "198.51.100.7");
        let other = proxies("10.0.0.0/8", "X-Forwarded-For");
        assert_eq!(client(&other, "198.51.100.7", &["203.0.113.1"]), "198.51.100.7");
    }

    #[test]
    fn behind_a_trusted_proxy_the_last_address_that_it_did_not_write_itself_counts() {
        let front = proxies("127.0.0.1, 10.0.0.0/8, 2001:db8:1::/48", "x-forwarded-for");
        for (socket, values, expected) in [
            ("127.0.0.1", &["203.0.113.1"][..], "203.0.113.1"),
            ("127.0.0.1", &["1.2.3.4, 203.0.113.1"], "203.0.113.1"),
            ("127.0.0.1", &["1.2.3.4", "203.0.113.1, 10.9.9.9"], "203.0.113.1"),
            ("127.0.0.1", &["203.0.113.1:4711"], "203.0.113.1"),
            ("::ffff:127.0.0.1", &["[2001:db8:2::7]:4711"], "2001:db8:2::7"),
            ("2001:db8:1::5", &["2001:db8:2::7"], "2001:db8:2::7"),
            ("127.0.0.1", &["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
            ("127.0.0.1", &["203.0.113.1, unknown"], "127.0.0.1"),
            ("127.0.0.1", &[""], "127.0.0.1"),
            ("127.0.0.1", &[], "127.0.0.1"),
        ] {
            assert_eq!(client(&front, socket, values), expected, "{socket} {values:?}");
        }
    }

    /// RFC 7239, sections 4 and 6.
    #[test]
    fn forwarded_is_read_as_its_standard_writes_it() {
        let front = proxies("127.0.0.1", "Forwarded");
        for (value, expected) in [
            ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
            ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("for=192.0.2.43, for=198.51.100.17", "198.51.100.17"),
            ("for=_hidden, for=\"unknown\"", "127.0.0.1"),
            ("for=\"x, for=192.0.2.60", "192.0.2.60"),
            ("proto=https", "127.0.0.1"),
        ] {
            assert_eq!(client(&front, "127.0.0.1", &[value]), expected, "{value}");
        }
    }

    #[test]
    fn a_wrong_list_is_named() {
        assert_eq!(Proxies::parse("10.0.0.0/33", "Forwarded"), Err("trusted_proxies"));
        assert_eq!(Proxies::parse("nginx", "Forwarded"), Err("trusted_proxies"));
        assert_eq!(Proxies::parse("", "X-Real-IP"), Err("proxy_header"));
    }

    proptest! {
        /// Whatever a client writes in front, the address that the proxy saw is the one that counts.
        #[test]
        fn no_client_chooses_its_own_address(written in ".{0,60}", forwarded: bool) {
            let header = if forwarded { "Forwarded" } else { "X-Forwarded-For" };
            let seen = if forwarded { "for=198.51.100.7" } else { "198.51.100.7" };
            let value = format!("{written}, {seen}");
            prop_assert_eq!(client(&proxies("127.0.0.1", header), "127.0.0.1", &[&value]), "198.51.100.7");
        }
    }
}
