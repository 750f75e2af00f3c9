//! Counts the elements of the longest list in a JSON answer while its bytes stream by, without building the value.

/// Counts lists that open at most this deep: the answer itself, or a field of the answer (`{"data":{"rows":[…]}}` is three).
const DEEPEST: usize = 3;

/// Counts one body.
#[derive(Default)]
pub struct Counter {
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// Elements of the list that is open at each depth; none where an object is open.
    open: [Option<u32>; DEEPEST],
    /// Whether something stands since the last comma of the list at each depth.
    pending: [bool; DEEPEST],
    longest: Option<u32>,
}

impl Counter {
    /// Takes in the next bytes.
    pub fn feed(&mut self, part: &[u8]) {
        for byte in part {
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {}
                b',' => self.end_element(),
                b']' | b'}' => self.close(),
                _ => self.begin(*byte),
            }
        }
    }

    /// Elements of the longest list, where there was one.
    #[must_use]
    pub fn finish(self) -> Option<u32> {
        self.longest
    }

    fn begin(&mut self, byte: u8) {
        if let Some(pending) = self.depth.checked_sub(1).and_then(|at| self.pending.get_mut(at)) {
            *pending = true;
        }
        match byte {
            b'"' => self.in_string = true,
            b'[' | b'{' => {
                if let (Some(open), Some(pending)) = (self.open.get_mut(self.depth), self.pending.get_mut(self.depth)) {
                    *open = (byte == b'[').then_some(0);
                    *pending = false;
                }
                self.depth = self.depth.saturating_add(1);
            }
            _ => {}
        }
    }

    fn end_element(&mut self) {
        let Some(at) = self.depth.checked_sub(1) else { return };
        if let (Some(Some(count)), Some(pending)) = (self.open.get_mut(at), self.pending.get_mut(at))
            && std::mem::take(pending)
        {
            *count = count.saturating_add(1);
            self.longest = self.longest.max(Some(*count));
        }
    }

    fn close(&mut self) {
        self.end_element();
        if let Some(Some(count)) = self.depth.checked_sub(1).and_then(|at| self.open.get(at)) {
            self.longest = self.longest.max(Some(*count));
        }
        self.depth = self.depth.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::Counter;

    fn count(json: &str) -> Option<u32> {
        let mut counter = Counter::default();
        json.as_bytes().chunks(3).for_each(|part| counter.feed(part));
        counter.finish()
    }

    #[test]
    fn the_longest_list_of_the_first_levels_is_counted() {
        for (json, items) in [
            ("[]", Some(0)),
            ("[1, 2,3]", Some(3)),
            ("{\"data\":[{\"tags\":[\"a\",\"b\"]},{},{}],\"next\":null}", Some(3)),
            ("{\"data\":{\"rows\":[1,2,3,4]}}", Some(4)),
            ("{\"a\":1,\"b\":2}", None),
            ("[\"x,y]\\\",\",2]", Some(2)),
            ("[[1,2],[3]]", Some(2)),
            ("]]]}},,,", None),
            ("", None),
        ] {
            assert_eq!(count(json), items, "{json}");
        }
    }

    #[test]
    fn depth_costs_nothing() {
        assert_eq!(count(&"[".repeat(1_000_000)), None);
        assert_eq!(count(&format!("[{}]", "[".repeat(1_000) + &"]".repeat(1_000))), Some(1));
    }
}
