//! The audit as JSON, held against the published schema.

use super::{AUDIT, FACTS, fixture};

#[test]
fn json_is_as_published_and_nothing_in_it_is_unpublished() {
    let mut schema: serde_json::Value =
        serde_json::from_str(include_str!("../../../../assets/schema/audit-1.schema.json")).unwrap();
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is one");
    close(&mut schema);
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let real = audit::audit(&FACTS, audit::roadmap::by_id("sd").unwrap(), fixture::now());
    for audit in [&*AUDIT, &real] {
        let printed: serde_json::Value = serde_json::from_str(&report::json(audit).unwrap()).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&printed).map(|error| format!("{} {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let printed: serde_json::Value = serde_json::from_str(&report::json(&AUDIT).unwrap()).unwrap();
    assert_eq!(printed["target"], "juniperdesk.example");
    assert_eq!(printed["verdict"], "no-go");
    assert_eq!(printed["outcomes"][0]["findings"][0]["fix"]["minutes"], 45);
    let mut broken = printed;
    broken["stages"][0]["items"][0]["state"] = "fine".into();
    assert!(!validator.is_valid(&broken));
}

#[test]
fn every_reason_for_not_telling_is_published() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../../../assets/schema/audit-1.schema.json")).unwrap();
    let published: Vec<&str> = schema["$defs"]["unseen"]["properties"]["why"]["enum"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect();
    // A word that is no reason is refused with all those that are one.
    let refused = serde_json::from_str::<audit::Why>("\"?\"").unwrap_err().to_string();
    let known: Vec<&str> = refused.split('`').skip(3).step_by(2).collect();
    assert!(known.len() > 10, "{refused}");
    assert_eq!(published, known);
}

/// Forbids members that the schema does not name, so that nothing is printed that was not published.
fn close(schema: &mut serde_json::Value) {
    if let Some(object) = schema.as_object_mut() {
        if object.contains_key("properties") && object.contains_key("required") {
            object.insert("additionalProperties".to_owned(), false.into());
        }
        object.values_mut().for_each(close);
    } else if let Some(list) = schema.as_array_mut() {
        list.iter_mut().for_each(close);
    }
}
