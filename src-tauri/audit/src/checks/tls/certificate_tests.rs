//! Tests of tls.certificate.

use super::CHECK;
use crate::Why;
use crate::check::{Grade, Status};
use crate::facts::{Facts, Handshake, Trust, TrustProblem};
use crate::testing::{certificate, findings, handshake, healthy, issued, judge, now, seen, status, unseen};

const AT: &str = "example.com|104.18.20.10";

fn showing(names: &[&str], from: i64, until: i64, problem: Option<TrustProblem>) -> Facts {
    let mut facts = healthy();
    let trust = problem.map_or(Trust::Trusted, |problem| Trust::Refused { problem, detail: "x".to_owned() });
    let shown = Handshake { chain: vec![certificate(names, from, until)], trust, ..handshake("example.com") };
    facts.tls.insert(AT.to_owned(), seen(shown));
    facts
}

#[test]
fn a_trusted_fresh_certificate_passes_and_short_lived_ones_too() {
    assert_eq!(status(&CHECK, &healthy()), Status::Pass);
    assert_eq!(status(&CHECK, &showing(&["example.com"], -3, 3, None)), Status::Pass);
}

#[test]
fn each_problem_is_told_apart() {
    let one = |facts: Facts| {
        let found = findings(&CHECK, &facts);
        assert_eq!(found.len(), 1, "{found:?}");
        found.into_iter().next().unwrap()
    };
    assert!(one(showing(&["example.com"], -90, -1, Some(TrustProblem::Expired))).says.contains("expired"));
    assert!(one(showing(&["example.com"], 1, 90, Some(TrustProblem::NotYetValid))).says.contains("only valid from"));
    assert!(
        one(showing(&["other.example"], -9, 80, Some(TrustProblem::WrongName))).says.contains("is for other.example")
    );
    assert!(one(showing(&["example.com"], -9, 80, Some(TrustProblem::UnknownIssuer))).says.contains("self-signed"));
    assert_eq!(one(showing(&["example.com"], -75, 15, None)).grade, Grade::Warn);
    assert_eq!(one(showing(&["example.com"], -88, 2, None)).grade, Grade::Fail);
}

#[test]
fn a_handshake_that_did_not_happen_is_not_judged() {
    let mut facts = healthy();
    facts.tls.insert(AT.to_owned(), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}

fn shown(change: impl FnOnce(&mut Handshake)) -> Facts {
    let mut facts = healthy();
    let chain = issued("Let's Encrypt", &["example.com"], -20, 70);
    let mut shown = Handshake { chain, sent: 2, ..handshake("example.com") };
    change(&mut shown);
    facts.tls.insert(AT.to_owned(), seen(shown));
    facts
}

#[test]
fn the_chain_around_it_is_judged_too() {
    let says = |facts: &Facts| {
        let found = findings(&CHECK, facts);
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].says.clone()
    };
    assert_eq!(status(&CHECK, &shown(|_| {})), Status::Pass);
    let Ok(crate::Verdict::Judged { proof, .. }) = judge(&CHECK, &shown(|_| {})) else { panic!() };
    assert!(proof.iter().any(|line| line.contains("its root sent along without need")), "{proof:?}");
    assert!(says(&shown(|shown| shown.sent = 100)).contains("sends 100 certificates"));
    assert!(says(&shown(|shown| shown.chain.truncate(1))).contains("without the one that connects it"));
    let stranger = certificate(&["other.example"], -9, 80);
    assert!(says(&shown(|shown| shown.chain.insert(1, stranger))).contains("wrong order"));
    let long = issued("Let's Encrypt", &["example.com"], -20, 300);
    assert!(says(&shown(|shown| shown.chain = long)).contains("made for 320 days"));
    let longest = issued("Nobody", &["example.com"], -20, 800);
    assert_eq!(findings(&CHECK, &shown(|shown| shown.chain = longest))[0].grade, Grade::Fail);
}

#[test]
fn a_staple_of_no_use_is_told() {
    let facts = shown(|shown| (shown.stapled, shown.staple) = (true, Some("MAMKAQM=".to_owned())));
    assert!(findings(&CHECK, &facts)[0].says.contains("had no answer (TryLater)"));
}

#[test]
fn an_authority_that_may_not_vouch_is_told_where_the_chain_was_refused() {
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, GeneralSubtree, IsCa, KeyPair, NameConstraints};
    let day = |days: i64| time::OffsetDateTime::from_unix_timestamp(now().as_second() + days * 86_400).unwrap();
    let says = |change: &dyn Fn(&mut CertificateParams)| {
        let made = |above: Option<&CertifiedIssuer<'static, KeyPair>>, name: &str| {
            let mut params = CertificateParams::default();
            params.distinguished_name.push(rcgen::DnType::CommonName, name);
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let key = KeyPair::generate().unwrap();
            match above {
                None => CertifiedIssuer::self_signed(params, key).unwrap(),
                Some(above) => {
                    change(&mut params);
                    CertifiedIssuer::signed_by(params, key, above).unwrap()
                }
            }
        };
        let root = made(None, "Root");
        let upper = made(Some(&root), "Upper");
        let lower = made(Some(&upper), "Lower");
        let mut params = CertificateParams::new(vec!["example.com".to_owned()]).unwrap();
        (params.not_before, params.not_after) = (day(-20), day(70));
        let leaf = params.signed_by(&KeyPair::generate().unwrap(), &lower).unwrap();
        use base64::Engine as _;
        let chain =
            [leaf.der(), lower.der(), upper.der()].map(|der| base64::engine::general_purpose::STANDARD.encode(der));
        let facts = shown(|shown| {
            shown.chain = chain.to_vec();
            shown.trust = Trust::Refused { problem: TrustProblem::Other, detail: "x".to_owned() };
        });
        let found = findings(&CHECK, &facts);
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].says.clone()
    };
    assert!(says(&|_| {}).contains("This computer does not trust"));
    let fence = |only: &str| NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::DnsName(only.to_owned())],
        excluded_subtrees: vec![],
    };
    assert!(says(&|params| params.name_constraints = Some(fence("other.example"))).contains("may not vouch for"));
    assert!(says(&|params| params.name_constraints = Some(fence("example.com"))).contains("does not trust"));
    let tight = says(&|params| params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0)));
    assert!(tight.contains("CN=Upper) has more authorities below it"), "{tight}");
    let mail = vec![rcgen::ExtendedKeyUsagePurpose::EmailProtection];
    assert!(says(&|params| params.extended_key_usages = mail.clone()).contains("not made for web servers"));
    assert!(says(&|params| params.not_after = day(-1)).contains("expired itself"));
    assert!(says(&|params| params.is_ca = IsCa::ExplicitNoCa).contains("may not make certificates"));
}

#[test]
fn a_key_that_may_not_sign_is_refused_by_chrome() {
    use base64::Engine as _;
    use rcgen::{CertificateParams, KeyPair, KeyUsagePurpose};
    let day = |days: i64| time::OffsetDateTime::from_unix_timestamp(now().as_second() + days * 86_400).unwrap();
    let with = |usages: Vec<KeyUsagePurpose>| {
        let mut params = CertificateParams::new(vec!["example.com".to_owned()]).unwrap();
        (params.not_before, params.not_after) = (day(-20), day(70));
        params.key_usages = usages;
        let der = params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec();
        let chain = vec![base64::engine::general_purpose::STANDARD.encode(der)];
        findings(&CHECK, &shown(|shown| (shown.chain, shown.sent) = (chain, 1)))
    };
    assert!(with(vec![]).is_empty(), "who names no usage allows all");
    assert!(with(vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment]).is_empty());
    assert!(with(vec![KeyUsagePurpose::KeyEncipherment])[0].says.contains("does not allow its key to sign"));
}
