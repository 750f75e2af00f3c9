//! What an inventory of settings means: what is missing where, what nobody reads, what every visitor gets to see.

use crate::facts::{Inventory, Need, Part, Read, ValueSeen, Variable};
use crate::read::env::{public_prefix, secret_public, supplied};

/// A name that the product requires and an environment lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing<'a> {
    /// The name.
    pub name: &'a str,
    /// The first place that requires it.
    pub at: &'a Read,
    /// Whether the environment lists it with an empty value.
    pub empty: bool,
    /// Whether an example file declares it.
    pub declared: bool,
}

/// A name that visitors get and that is or holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposed<'a> {
    /// The name.
    pub name: &'a str,
    /// The prefix that puts it into the scripts of the page.
    pub prefix: &'static str,
    /// Where it is read, declared or set.
    pub places: Vec<String>,
    /// Whether a value was seen that looks like a key; else the name alone says so.
    pub value: bool,
}

/// The place where the product itself requires a name; none for names that somebody else supplies.
#[must_use]
pub fn required<'a>(name: &str, variable: &'a Variable) -> Option<&'a Read> {
    let needs = |read: &&Read| read.part == Part::App && read.need == Need::Required;
    variable.reads.iter().find(needs).filter(|_| !supplied(name))
}

/// What an environment lacks; none when no list of it was given.
#[must_use]
pub fn missing<'a>(inventory: &'a Inventory, environment: &str) -> Option<Vec<Missing<'a>>> {
    let has = inventory.environments.get(environment)?;
    let lacks = |(name, variable): (&'a String, &'a Variable)| {
        let at = required(name, variable)?;
        let empty = match has.names.get(name) {
            Some(Some(ValueSeen::Empty)) => true,
            Some(_) => return None,
            None => false,
        };
        let filed =
            variable.declared.iter().any(|line| line.value != ValueSeen::Empty && is_file_of(&line.path, environment));
        let there = !variable.provided.is_empty() || filed;
        let declared = variable.declared.iter().any(|line| line.example);
        (!there).then_some(Missing { name, at, empty, declared })
    };
    Some(inventory.variables.iter().filter_map(lacks).collect())
}

/// Whether a dotenv file belongs to this environment and travels with the code.
fn is_file_of(path: &str, environment: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_prefix(".env.").is_some_and(|rest| rest.eq_ignore_ascii_case(environment))
}

/// Names that the product requires and no example file declares; none when there is no example file.
#[must_use]
pub fn undeclared(inventory: &Inventory) -> Option<Vec<(&str, &Read)>> {
    if inventory.examples.is_empty() {
        return None;
    }
    let open = |(name, variable): (&'_ String, &'_ Variable)| {
        let declared = variable.declared.iter().any(|line| line.example) || !variable.provided.is_empty();
        !declared && required(name, variable).is_some()
    };
    Some(
        inventory
            .variables
            .iter()
            .filter(|(name, variable)| open((name, variable)))
            .filter_map(|(name, variable)| Some((name.as_str(), required(name, variable)?)))
            .collect(),
    )
}

/// Names that an example file declares and that nothing reads.
#[must_use]
pub fn unread(inventory: &Inventory) -> Vec<(&str, &Variable)> {
    // Where the walk was cut, whatever was not read may read it.
    if inventory.cut.is_some() {
        return vec![];
    }
    let idle = |variable: &Variable| variable.count == 0 && variable.declared.iter().any(|line| line.example);
    inventory
        .variables
        .iter()
        .filter(|(name, variable)| idle(variable) && !supplied(name))
        .map(|(name, variable)| (name.as_str(), variable))
        .collect()
}

/// Names that an environment has and that nothing reads.
#[must_use]
pub fn unused<'a>(inventory: &'a Inventory, environment: &str) -> Vec<&'a str> {
    let Some(has) = inventory.environments.get(environment).filter(|_| inventory.cut.is_none()) else { return vec![] };
    let read = |name: &str| inventory.variables.get(name).is_some_and(|variable| variable.count > 0);
    has.names.keys().map(String::as_str).filter(|name| !read(name) && !supplied(name)).collect()
}

/// Names that visitors get although they are secret.
#[must_use]
pub fn exposed(inventory: &Inventory) -> Vec<Exposed<'_>> {
    let mut found: Vec<Exposed<'_>> = vec![];
    for (name, variable) in &inventory.variables {
        let Some(prefix) = public_prefix(name) else { continue };
        let secret = variable.declared.iter().any(|line| line.value == ValueSeen::Secret)
            || inventory.environments.values().any(|has| has.names.get(name) == Some(&Some(ValueSeen::Secret)));
        if secret || secret_public(name) {
            let reads = variable.reads.iter().filter(|read| read.part != Part::Test);
            let reads = reads.map(|read| format!("{}:{}", read.path, read.line));
            let declared = variable.declared.iter().map(|line| format!("{}:{}", line.path, line.line));
            let set = inventory
                .environments
                .iter()
                .filter(|(_, has)| has.names.contains_key(name))
                .map(|(environment, _)| environment.clone());
            let places: Vec<String> =
                reads.chain(declared).chain(variable.provided.iter().cloned()).chain(set).take(5).collect();
            // A name that only tests use never reaches a visitor.
            if !places.is_empty() {
                found.push(Exposed { name, prefix, places, value: secret });
            }
        }
    }
    for (environment, has) in &inventory.environments {
        for (name, value) in has.names.iter().filter(|(name, _)| !inventory.variables.contains_key(*name)) {
            let secret = *value == Some(ValueSeen::Secret);
            if let Some(prefix) = public_prefix(name).filter(|_| secret || secret_public(name)) {
                found.push(Exposed { name, prefix, places: vec![environment.clone()], value: secret });
            }
        }
    }
    found.sort_by(|one, other| one.name.cmp(other.name));
    found.dedup_by(|one, other| one.name == other.name);
    found
}

#[cfg(test)]
mod tests {
    use super::{exposed, missing, undeclared, unread, unused};
    use crate::facts::Inventory;
    use crate::read::env::{Gathering, given};

    fn inventory(files: &[(&str, &str)], environments: &[(&str, &str)]) -> Inventory {
        let mut gathering = Gathering::default();
        files.iter().for_each(|(path, text)| gathering.add(path, text));
        for (name, list) in environments {
            gathering.environment(name, given(name, list.as_bytes()).unwrap());
        }
        gathering.finish()
    }

    #[test]
    fn what_is_required_and_not_set_is_missing() {
        let code = "use(process.env.A, process.env.B ?? 1, process.env.PORT, process.env.C, process.env.D)";
        let files = [
            ("src/a.ts", code),
            ("Dockerfile", "ENV C=1"),
            (".env.production", "D=1"),
            ("src/a.test.ts", "process.env.T"),
        ];
        let found = inventory(&files, &[("production", "X=1\nA=\n"), ("preview", "A=1\nC=1")]);
        let names = |environment: &str| {
            missing(&found, environment).unwrap().iter().map(|missing| missing.name).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names("production"), "A");
        assert!(missing(&found, "production").unwrap()[0].empty);
        assert_eq!(names("preview"), "D");
        assert_eq!(missing(&found, "staging"), None);
        assert_eq!(unused(&found, "production"), ["X"]);
    }

    #[test]
    fn examples_are_held_against_the_code() {
        let files = [("src/a.ts", "use(process.env.A, process.env.B)"), (".env.example", "A=\nOLD=\n")];
        let found = inventory(&files, &[]);
        assert_eq!(undeclared(&found).unwrap().iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["B"]);
        assert_eq!(unread(&found).iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["OLD"]);
        assert_eq!(undeclared(&inventory(&files[..1], &[])), None);
    }

    #[test]
    fn secrets_with_a_public_prefix_are_told() {
        let code = "use(process.env.NEXT_PUBLIC_STRIPE_SECRET_KEY, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY, process.env.VITE_API_URL)";
        let found = inventory(&[("src/a.ts", code)], &[("production", "VITE_DB_PASSWORD=hunter22\nVITE_TITLE=x")]);
        assert_eq!(
            exposed(&found).iter().map(|one| one.name).collect::<Vec<_>>(),
            ["NEXT_PUBLIC_STRIPE_SECRET_KEY", "VITE_DB_PASSWORD"]
        );
    }
}
