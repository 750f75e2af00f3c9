//! Source maps: names, lines, wrapped text, files that only look like maps.

use super::File;
use crate::facts::SecretMatch;

fn scan(text: &str, piece: usize) -> Vec<SecretMatch> {
    let mut file = File::new("https://example.com/app.js.map", &[3; 32], true);
    text.as_bytes().chunks(piece).for_each(|part| file.feed(part));
    file.finish()
}

fn key(letter: char) -> String {
    format!("sk_{}_51{letter}wSf7gf3XyqOoJdR8bRRcz", "live")
}

#[test]
fn a_map_tells_the_original_file_and_line() {
    let (first, second) = (
        format!("import x from 'y';\n\nconst k = \"{}\";\n", key('A')),
        format!("// \u{e9} \u{1f600}\nexport const pay = {{ key: '{}' }};\n", key('B')),
    );
    let map = serde_json::json!({
        "version": 3, "file": "app.js", "sources": ["webpack:///src/a.ts", "webpack:///node_modules/x.js", "webpack:///src/pay.ts"],
        "sourcesContent": [first, null, second], "names": ["n", "e"], "mappings": "AAAA;".repeat(3000),
    });
    let contents_first = format!(
        "{{\"version\":3,\"mappings\":\"\",\"sourcesContent\":{},\"sources\":{}}}",
        map["sourcesContent"], map["sources"]
    );
    for text in [map.to_string(), serde_json::to_string_pretty(&map).unwrap(), contents_first] {
        for piece in [1, 7, 100_000] {
            let found: Vec<_> =
                scan(&text, piece).into_iter().map(|found| (found.source.unwrap(), found.line)).collect();
            assert_eq!(
                found,
                [("webpack:///src/a.ts".to_owned(), 3), ("webpack:///src/pay.ts".to_owned(), 2)],
                "{piece}"
            );
        }
    }
}

#[test]
fn sections_of_an_index_map_keep_their_own_names() {
    let section = |name: &str, letter| serde_json::json!({"map": {"version": 3, "sources": [name], "sourcesContent": [format!("k='{}'", key(letter))]}});
    let map = serde_json::json!({"version": 3, "sections": [section("a.js", 'A'), section("b.js", 'B')]});
    let found: Vec<_> = scan(&map.to_string(), 64).into_iter().map(|found| found.source.unwrap()).collect();
    assert_eq!(found, ["a.js", "b.js"]);
}

#[test]
fn what_only_looks_like_a_map_is_read_as_text() {
    let text = format!("{{\"version\": 4, \"mappings\": \"\",\n \"resources\": {{\"k\": \"{}\"}}}}", key('A'));
    let found = scan(&text, 10);
    assert_eq!((found.len(), found[0].line, found[0].source.clone()), (1, 2, None));
}

#[test]
fn maps_inside_a_file_are_read_however_they_are_written() {
    let map = |name: &str, letter| {
        let source = format!("// one\nconst k = \"{}\";\n", key(letter));
        serde_json::json!({"version": 3, "sources": [name], "sourcesContent": [source], "mappings": "AAAA"}).to_string()
    };
    let base64 = |text: &str| {
        let data = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
        format!("sourceMappingURL=data:application/json;charset=utf-8;base64,{data}")
    };
    let percent = |text: &str| {
        let data: String = text
            .bytes()
            .map(
                |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") },
            )
            .collect();
        format!("sourceMappingURL=data:application/json,{data}")
    };
    let (first, second, third) =
        (base64(&map("src/a.ts", 'A')), percent(&map("src/b.ts", 'B')), base64(&map("src/c.ts", 'C')));
    // Development builds keep each part of a program, with its own map, in a string.
    let text = format!("eval(\"run()\\n//# {first}\\n//# sourceURL=a\");\n/*# {second} */\nx()\n//# {third}");
    for piece in [1, 2, 3, 7, 64, 100_000] {
        let found: Vec<_> = scan(&text, piece).into_iter().map(|found| (found.source.unwrap(), found.line)).collect();
        let wanted = ["src/a.ts", "src/b.ts", "src/c.ts"].map(|name| (name.to_owned(), 2));
        assert_eq!(found, wanted, "{piece}");
    }
    // A key in the packed text and in its source stands in two places.
    let both = scan(&format!("k=\"{}\"\n//# {first}", key('A')), 100);
    assert_eq!(both.len(), 2);
    assert_eq!((both[0].source.as_deref(), both[1].source.as_deref()), (None, Some("src/a.ts")));
    assert_eq!(both[0].fingerprint, both[1].fingerprint);
}

#[test]
fn hostile_maps_end() {
    for text in [
        "{\"version\":3,\"sources\":[\"".to_owned() + &"a".repeat(100_000),
        "{\"version\":3,\"sources\":".to_owned() + &"[".repeat(100_000),
        "{\"version\":3,\"sourcesContent\":[\"\\u".to_owned() + &"\\\"".repeat(50_000),
        "{\"version\":3,\"sourcesContent\":[\"\\uD800\\uZZZZ\\".to_owned(),
        "sourceMappingURL=data:".repeat(20_000),
        "sourceMappingURL=data:,".repeat(20_000),
        "sourceMappingURL=data:;base64,A".repeat(20_000) + "===",
        "sourceMappingURL=data:,%".to_owned() + &"%".repeat(100_000),
    ] {
        assert!(scan(&text, 1_000).is_empty());
    }
}
