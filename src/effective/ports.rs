//! Who listens where, by port: to find who is in whose way without comparing everybody with everybody.

use std::collections::HashMap;

use super::exporters::PROMETHEUS_PORT;
use super::listeners::Listener;

/// Listeners in the order in which they were added.
pub struct Ports {
    all: Vec<Listener>,
    by_number: HashMap<i64, Port>,
    /// No port from the usual one up to here, without it, is free.
    free: i64,
}

/// The listeners on one port, by their indices.
#[derive(Default)]
struct Port {
    all: Vec<usize>,
    everywhere: Vec<usize>,
    by_address: HashMap<String, Vec<usize>>,
}

impl Port {
    /// Those beside which `own` cannot listen: of the lists each is in order, and nobody is in two.
    fn in_the_way_of(&self, own: &Listener) -> [&[usize]; 2] {
        if own.is_everywhere() {
            return [&self.all, &[]];
        }
        [&self.everywhere, self.by_address.get(&own.address()).map_or(&[], |list| list)]
    }
}

impl Ports {
    /// Those of `listeners`.
    #[must_use]
    pub fn new(listeners: impl IntoIterator<Item = Listener>) -> Self {
        let mut ports = Self { all: Vec::new(), by_number: HashMap::new(), free: PROMETHEUS_PORT };
        listeners.into_iter().for_each(|listener| ports.add(listener));
        ports
    }

    /// Adds one.
    pub fn add(&mut self, listener: Listener) {
        let port = self.by_number.entry(listener.port).or_default();
        let index = self.all.len();
        port.all.push(index);
        if listener.is_everywhere() {
            port.everywhere.push(index);
        } else {
            port.by_address.entry(listener.address()).or_default().push(index);
        }
        self.all.push(listener);
    }

    /// The first of those beside which `own` cannot listen, `most` at most, and how many more there are.
    #[must_use]
    pub fn in_the_way_of(&self, own: &Listener, most: usize) -> (Vec<&Listener>, usize) {
        let Some(port) = self.by_number.get(&own.port) else { return (Vec::new(), 0) };
        let lists = port.in_the_way_of(own);
        let mut first: Vec<usize> =
            lists.iter().flat_map(|list| list.iter().take(most)).copied().collect();
        first.sort_unstable();
        first.truncate(most);
        let more = lists.iter().map(|list| list.len()).sum::<usize>() - first.len();
        (first.into_iter().map(|index| &self.all[index]).collect(), more)
    }

    /// Whether `own`, one of them, cannot listen beside another one.
    #[must_use]
    pub fn is_shared(&self, own: &Listener) -> bool {
        let (first, more) = self.in_the_way_of(own, 1);
        first.len() + more > 1
    }

    /// A port near the usual one of Prometheus that nobody has.
    pub fn free(&mut self) -> i64 {
        while self.by_number.contains_key(&self.free) && self.free < i64::from(u16::MAX) {
            self.free += 1;
        }
        self.free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ports(addresses: &[&str]) -> Ports {
        Ports::new(addresses.iter().map(|address| Listener::at(9090, address)))
    }

    #[test]
    fn wildcards_meet_everything() {
        let clash = |a: &str, b: &str| {
            let others = ports(&[a]);
            !others.in_the_way_of(&Listener::at(9090, b), 9).0.is_empty()
        };
        for (a, b) in
            [("", "127.0.0.1"), ("0.0.0.0", "::1"), ("[::]", ""), ("localhost", "127.0.0.1")]
        {
            assert!(clash(a, b) && clash(b, a), "{a} {b}");
        }
        for (a, b) in [("127.0.0.1", "::1"), ("10.0.0.1", "127.0.0.1"), ("pod", "127.0.0.1")] {
            assert!(!clash(a, b) && !clash(b, a), "{a} {b}");
        }
    }

    #[test]
    fn many_in_the_way_are_counted() {
        let ports = ports(&["::1", "", "127.0.0.1", "::1", "", "::1"]);
        let count = |address, most| {
            let own = Listener::at(9090, address);
            let (first, more) = ports.in_the_way_of(&own, most);
            (first.iter().map(|one| one.address()).collect::<Vec<_>>(), more)
        };
        assert_eq!(count("::1", 3), (vec!["::1".into(), String::new(), "::1".into()], 2));
        assert_eq!(count("", 2), (vec!["::1".into(), String::new()], 4));
        assert_eq!(count("10.0.0.1", 9), (vec![String::new(), String::new()], 0));
        assert!(ports.in_the_way_of(&Listener::at(1, ""), 9).0.is_empty());
        assert!(ports.is_shared(&Listener::at(9090, "127.0.0.1")));
    }

    #[test]
    fn a_free_port_is_nobodys() {
        let mut ports = Ports::new((9090..9094).map(|port| Listener::at(port, "")));
        assert_eq!(ports.free(), 9094);
        ports.add(Listener::at(9094, "::1"));
        assert_eq!(ports.free(), 9095);
    }
}
