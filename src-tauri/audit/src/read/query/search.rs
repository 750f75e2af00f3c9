//! By which columns of which table a statement searches, and the statement that makes an index of them. Only the plainest forms are read:
//! one table, conditions joined by AND. Of all others nothing is claimed.

use crate::facts::DatabaseKind;

/// A search in one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// The table.
    pub table: String,
    /// Columns that must equal a value, in their order.
    pub equals: Vec<String>,
    /// The first column that is compared otherwise.
    pub range: Option<String>,
    /// The columns by which the rows are put in order.
    pub order: Vec<String>,
}

impl Search {
    /// The columns of an index for it: those that equal a value, then the one range or the order.
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        let mut columns = self.equals.clone();
        match &self.range {
            Some(range) => columns.push(range.clone()),
            None => columns.extend(self.order.iter().cloned()),
        }
        let mut seen = std::collections::BTreeSet::new();
        columns.retain(|column| seen.insert(column.clone()));
        columns.truncate(4);
        columns
    }
}

/// Words that end the conditions or make them too rich to be read.
const ENDS: [&str; 8] = ["group", "order", "limit", "offset", "for", "returning", "having", "fetch"];

/// The search of a shape, where it is plain enough.
#[must_use]
pub fn search(shape: &str) -> Option<Search> {
    let tokens = tokens(shape);
    let word = |at: usize| tokens.get(at).copied().unwrap_or("");
    if tokens.iter().skip(1).any(|token| matches!(*token, "select" | "join" | "union" | "or" | "intersect" | "except"))
    {
        return None;
    }
    let mut at = match *tokens.first()? {
        "select" => tokens.iter().position(|token| *token == "from")? + 1,
        "delete" if word(1) == "from" => 2,
        "update" => 1,
        _ => return None,
    };
    let table = word(at).trim_matches('"').to_owned();
    if table.is_empty() || !table.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return None;
    }
    at += 1;
    if word(at) == "as" {
        at += 1;
    }
    let mut found = Search { table: table.strip_prefix("public.").unwrap_or(&table).to_owned(), ..Search::default() };
    let begin = at + tokens.get(at..)?.iter().position(|token| *token == "where")?;
    // Between table and conditions stands an alias at most; a comma would be another table.
    if word(0) != "update" && (begin > at + 1 || word(at) == ",") {
        return None;
    }
    at = begin + 1;
    while at < tokens.len() && !ENDS.contains(&word(at)) {
        let column = column(word(at));
        let (used, equal) = match (word(at + 1), word(at + 2)) {
            ("=", "?") => (3, true),
            ("in", "(") if word(at + 3) == "?" && word(at + 4) == ")" => (5, true),
            ("is", "null") => (3, true),
            ("<" | ">" | "<=" | ">=", "?") => (3, false),
            ("between", "?") if word(at + 3) == "and" && word(at + 4) == "?" => (5, false),
            _ => return None,
        };
        let column = column?;
        match equal {
            true => found.equals.push(column),
            false => found.range = found.range.or(Some(column)),
        }
        at += used;
        if word(at) == "::" {
            at += 2;
        }
        match word(at) {
            "and" => at += 1,
            "" => break,
            end if ENDS.contains(&end) => break,
            _ => return None,
        }
    }
    if let Some(by) = tokens.iter().position(|token| *token == "order").filter(|by| word(by + 1) == "by") {
        let mut at = by + 2;
        // Columns of both directions would need more than their names.
        while let Some(column) = column(word(at)) {
            found.order.push(column);
            at += 1 + usize::from(matches!(word(at + 1), "asc" | "desc"));
            if word(at) != "," {
                break;
            }
            at += 1;
        }
    }
    (!found.equals.is_empty() || found.range.is_some()).then_some(found)
}

/// The bare name of a column, without its table.
fn column(token: &str) -> Option<String> {
    let name = token.rsplit('.').next()?.trim_matches('"');
    let plain = !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    (plain && !ENDS.contains(&name)).then(|| name.to_owned())
}

fn tokens(shape: &str) -> Vec<&str> {
    let mut tokens = vec![];
    let mut rest = shape;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_alphanumeric() || first == '_' || first == '"' {
            rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | '"')).unwrap_or(rest.len())
        } else if ["<=", ">=", "::", "<>", "!="].iter().any(|two| rest.starts_with(two)) {
            2
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() {
            tokens.push(&rest[..length]);
        }
        rest = &rest[length..];
    }
    tokens
}

/// A name as the system writes it: plain, or between its quotes.
#[must_use]
pub fn quoted(kind: Option<DatabaseKind>, name: &str) -> String {
    let part = |part: &str| {
        let plain = part.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
            && part.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
        match kind {
            _ if plain => part.to_owned(),
            Some(DatabaseKind::MySql | DatabaseKind::MariaDb) => format!("`{}`", part.replace('`', "``")),
            _ => format!("\"{}\"", part.replace('"', "\"\"")),
        }
    };
    name.splitn(2, '.').map(part).collect::<Vec<_>>().join(".")
}

/// The statement that makes an index without stopping those who write, as far as the system can.
#[must_use]
pub fn create_index(kind: Option<DatabaseKind>, table: &str, columns: &[String]) -> String {
    let names: Vec<String> = columns.iter().map(|column| quoted(kind, column)).collect();
    let (on, list) = (quoted(kind, table), names.join(", "));
    let bare = table.rsplit('.').next().unwrap_or(table);
    let mut name: String = format!("{bare}_{}_idx", columns.join("_")).to_lowercase();
    name.retain(|c| c.is_ascii_alphanumeric() || c == '_');
    // PostgreSQL takes 63 bytes, MySQL 64 characters.
    name.truncate(60);
    match kind {
        Some(DatabaseKind::Postgres) => format!("CREATE INDEX CONCURRENTLY {name} ON {on} ({list});"),
        Some(DatabaseKind::MySql | DatabaseKind::MariaDb) => {
            format!("CREATE INDEX {name} ON {on} ({list}) ALGORITHM=INPLACE LOCK=NONE;")
        }
        Some(DatabaseKind::Sqlite) | None => format!("CREATE INDEX {name} ON {on} ({list});"),
    }
}

#[cfg(test)]
mod tests {
    use super::{create_index, quoted, search};
    use crate::facts::DatabaseKind;

    #[test]
    fn plain_searches_are_read() {
        let found =
            search("select * from boards b where b.owner_id = ? and state in (?) order by b.created_at desc limit ?")
                .unwrap();
        assert_eq!((found.table.as_str(), found.columns().join(",").as_str()), ("boards", "owner_id,state,created_at"));
        let found = search("select count(*) from public.events where team_id = ?::uuid and at >= ?").unwrap();
        assert_eq!((found.table.as_str(), found.columns().join(",").as_str()), ("events", "team_id,at"));
        assert_eq!(search("delete from t where a = ? and b between ? and ?").unwrap().columns(), ["a", "b"]);
        assert_eq!(search("update t set x = ?, y = ? where a = ?").unwrap().columns(), ["a"]);
    }

    #[test]
    fn of_all_others_nothing_is_claimed() {
        for shape in [
            "select * from boards",
            "select * from a, b where a.id = ?",
            "select * from a join b on a.id = b.id where a.x = ?",
            "select * from a where x = ? or y = ?",
            "select * from a where lower(x) = ?",
            "select * from a where x = (select ?)",
            "select * from a where x like ?",
            "select * from (select ?) as q where x = ?",
            "insert into t (?)",
            "",
            "where",
        ] {
            assert_eq!(search(shape), None, "{shape}");
        }
    }

    #[test]
    fn names_are_quoted_where_they_must_be() {
        let columns = ["owner_id".to_owned(), "At".to_owned()];
        let made = |kind| create_index(kind, "Boards", &columns);
        assert_eq!(
            made(Some(DatabaseKind::Postgres)),
            "CREATE INDEX CONCURRENTLY boards_owner_id_at_idx ON \"Boards\" (owner_id, \"At\");"
        );
        assert!(made(Some(DatabaseKind::MariaDb)).contains("`Boards` (owner_id, `At`) ALGORITHM=INPLACE LOCK=NONE"));
        assert_eq!(quoted(None, "app.x\"; drop"), "app.\"x\"\"; drop\"");
    }
}
