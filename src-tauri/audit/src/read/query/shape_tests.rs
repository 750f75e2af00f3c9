//! Tests of the shape of statements.

use super::{Dialect, shape};

fn of(sql: &str, dialect: Dialect) -> String {
    let mut out = vec![];
    shape(sql.as_bytes(), dialect, &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn values_go_and_the_shape_stays() {
    for (sql, wanted) in [
        ("SELECT * FROM boards WHERE id = 42", "select * from boards where id = ?"),
        ("SELECT  *\n\tFROM boards\n WHERE id=$1 ;", "select * from boards where id=?"),
        ("select a from t where b in (1, 2,3 , -4)", "select a from t where b in (?)"),
        ("INSERT INTO t (a,b) VALUES (1,'x'), (2, 'y'),(3,'z')", "insert into t (a,b) values (?)"),
        ("select 'it''s', E'a\\'b', $$q'q$$, $x$ $$ $x$, .5, 1e-7, 0xff", "select ?"),
        ("select x from t where d = date '2026-01-01' and n = -1.5", "select x from t where d = date ? and n = ?"),
        (
            "select \"Board\".\"id\" from \"Board\" where \"odd name\" = 'x' or a = \"no:name\"",
            "select Board.id from Board where \"odd name\" = ? or a = ?",
        ),
        (
            "select a::text from t -- mail: ada@example.com\nwhere b is not null and c = null",
            "select a::text from t where b is not null and c = ?",
        ),
        ("select /*route='x'*/ 1", "select ?"),
        ("select 'C:\\' , b from t", "select ?, b from t"),
        ("select * from t where a = 'cut off in the mid", "select * from t where a = ?"),
        (
            "select events_2026_11.id, t1.a from events_2026_11 limit 5 offset 10",
            "select events_2026_11.id, t1.a from events_2026_11 limit ? offset ?",
        ),
    ] {
        assert_eq!(of(sql, Dialect::Postgres), wanted, "{sql}");
    }
    assert_eq!(of(r#"select `a` from `t` where b = "x\"y" # note"#, Dialect::Mysql), "select a from t where b = ?");
    assert_eq!(
        of(r"select a from t where b = 'x\'y' and c = _utf8mb4'q'", Dialect::Mysql),
        "select a from t where b = ? and c = ?"
    );
}

#[test]
fn in_a_log_of_unknown_origin_what_could_be_a_value_is_one() {
    for (sql, wanted) in [
        (
            r#"SELECT "users".* FROM "users" WHERE "users"."id" = $1 LIMIT $2  [["id", 7], ["LIMIT", 1]]"#,
            "select users.* from users where users.id = ? limit ?",
        ),
        (
            r#"select * from users where mail = "ada@example.com" and "age" > 3"#,
            "select * from users where mail = ? and age > ?",
        ),
        ("select * from `users` where `id` = ? [7]", "select * from users where id = ?"),
        (r"select * from t where a = 'x\' or b = 'secret'", "select * from t where a = ?"),
        (
            "select * from t where a = :name and b = @p1 and c = %s and d = %(mail)s; args=('x',)",
            "select * from t where a = ? and b = ? and c = ? and d = ?",
        ),
    ] {
        assert_eq!(of(sql, Dialect::Unknown), wanted, "{sql}");
    }
}

#[test]
fn any_bytes_are_taken_and_a_shape_is_bounded() {
    let mut out = vec![];
    for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Unknown] {
        for sql in
            [&b"\0\xff\xfe'"[..], b"$", b"$a", b":", b"%(", b"--", b"/*", b"'\\", b"`", b"\"", b"e'", b"1e", b"?"]
        {
            shape(sql, dialect, &mut out);
        }
        let long = "a.b + ".repeat(1_000_000);
        shape(long.as_bytes(), dialect, &mut out);
        assert!(out.len() < 2_100);
    }
}
