//! One JSON object a line: where its statement, its request, its time and its connection stand.

use super::line::{Begun, Message, clock, message};
use super::tally::hash;
use super::verb;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// Objects inside objects that are looked into.
const DEPTH: u8 = 2;

/// What a field is about, by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Sql,
    Message,
    Request,
    Session,
    Millis,
    Seconds,
    Rows,
    At,
    Inside,
    Other,
}

fn field(name: &str) -> Field {
    match name {
        "sql" | "query" | "statement" | "db.statement" | "db.query.text" | "sql_query" | "rawQuery" => Field::Sql,
        "message" | "msg" | "event" => Field::Message,
        "request_id" | "requestId" | "req_id" | "reqId" | "request-id" | "x-request-id" | "trace_id" | "traceId"
        | "correlation_id" | "correlationId" | "traceparent" => Field::Request,
        "session_id" | "pid" | "connection" | "connection_id" => Field::Session,
        "duration_ms" | "durationMs" | "duration" | "elapsed_ms" | "elapsed" | "took" | "took_ms" | "ms"
        | "responseTime" | "query_time_ms" => Field::Millis,
        "duration_s" | "seconds" | "query_time" => Field::Seconds,
        "rows" | "row_count" | "rowCount" => Field::Rows,
        "timestamp" | "time" | "ts" | "@timestamp" => Field::At,
        "context" | "data" | "params" | "meta" | "fields" | "extra" | "payload" | "attributes" | "req" => Field::Inside,
        _ => Field::Other,
    }
}

#[derive(Default)]
struct Entry<'a> {
    sql: Option<Cow<'a, str>>,
    message: Option<Cow<'a, str>>,
    request: Option<u64>,
    session: Option<u64>,
    ms: Option<f64>,
    rows: Option<u64>,
    at: Option<u64>,
}

/// The statement that a line holds, if it holds one.
pub(super) fn read(line: &[u8]) -> Option<Begun<'_>> {
    let mut entry = Entry::default();
    let mut reader = serde_json::Deserializer::from_slice(line);
    // What stands before a line that is cut off or broken still counts.
    let _ = Inside { entry: &mut entry, depth: 0 }.deserialize(&mut reader);
    let Entry { sql, message: said, request, session, mut ms, rows, at } = entry;
    let text: Cow<'_, str> = match (sql, said) {
        (Some(sql), _) => sql,
        (None, Some(said)) => {
            let begin = match message(said.as_bytes()) {
                Message::Statement(sql, took) => {
                    ms = took.or(ms);
                    said.len() - sql.len()
                }
                _ => verb::find(said.as_bytes())?,
            };
            match said {
                Cow::Borrowed(said) => Cow::Borrowed(said.get(begin..)?),
                Cow::Owned(said) => Cow::Owned(said.get(begin..)?.to_owned()),
            }
        }
        (None, None) => return None,
    };
    let sql = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    };
    Some(Begun { sql, ms, rows, request, session: session.unwrap_or(0), at })
}

/// Reads an object into an entry.
struct Inside<'e, 'a> {
    entry: &'e mut Entry<'a>,
    depth: u8,
}

impl<'a> DeserializeSeed<'a> for Inside<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Inside<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Cow<'a, str>>()? {
            let kind = field(&name);
            if kind == Field::Other {
                map.next_value::<IgnoredAny>()?;
            } else if kind == Field::Inside && self.depth < DEPTH {
                map.next_value_seed(Inside { entry: self.entry, depth: self.depth + 1 })?;
            } else {
                let scalar = map.next_value_seed(Scalar)?;
                self.entry.take(kind, scalar);
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A value that is no object and no list.
enum Value<'a> {
    Text(Cow<'a, str>),
    Number(f64),
    Nothing,
}

struct Scalar;

impl<'a> DeserializeSeed<'a> for Scalar {
    type Value = Value<'a>;

    fn deserialize<D: Deserializer<'a>>(self, reader: D) -> Result<Value<'a>, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Scalar {
    type Value = Value<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Value<'a>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'a>, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value<'a>, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value<'a>, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value<'a>, E> {
        Ok(Value::Number(number))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value<'a>, E> {
        Ok(Value::Nothing)
    }

    fn visit_unit<E>(self) -> Result<Value<'a>, E> {
        Ok(Value::Nothing)
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Value<'a>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Nothing)
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<Value<'a>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Nothing)
    }
}

impl<'a> Entry<'a> {
    fn take(&mut self, kind: Field, value: Value<'a>) {
        match (kind, value) {
            (Field::Sql, Value::Text(text)) if verb::begins(text.as_bytes()) => self.sql = Some(text),
            (Field::Message, Value::Text(text)) => self.message = Some(text),
            (Field::Request, Value::Text(text)) if !text.is_empty() => self.request = Some(hash(text.as_bytes())),
            (Field::Request, Value::Number(number)) => self.request = Some(number.to_bits()),
            (Field::Session, Value::Text(text)) => self.session = Some(hash(text.as_bytes())),
            (Field::Session, Value::Number(number)) => self.session = Some(number.to_bits()),
            (Field::Millis, Value::Number(number)) => self.ms = Some(number),
            (Field::Millis, Value::Text(text)) => self.ms = verb::span(text.trim()),
            (Field::Seconds, Value::Number(number)) => self.ms = Some(number * 1_000.0),
            (Field::Rows, Value::Number(number)) if number >= 0.0 => self.rows = Some(number as u64),
            (Field::At, Value::Text(text)) => self.at = clock(text.as_bytes()),
            // Milliseconds since 1970, as pino writes them.
            (Field::At, Value::Number(number)) if number > 1e11 => self.at = Some(number as u64 % 86_400_000),
            _ => {}
        }
    }
}
