//! Tests of the helper protocol, and of when helpers are used.

use super::{Setting, password, told};
use crate::Credentials;
use std::path::Path;

#[test]
fn helpers_go_before_the_file() {
    let setting = Setting::new(
        r#"{"auths":{"a":{"auth":"ZmlsZTpw"},"b":{"auth":"ZmlsZTpw"},"c":{"auth":"ZmlsZTpw","registrytoken":"bearer"}},
            "credsStore":"store","credHelpers":{"b":"own","d":""}}"#,
    )
    .helper("store", "a", r#"{"ServerURL":"a","Username":"u","Secret":"p"}"#)
    .helper("own", "b", r#"{"ServerURL":"b","Username":"<token>","Secret":"t"}"#);
    assert_eq!(setting.found("a"), password("u", "p", "a"));
    assert_eq!(setting.found("b"), Some(Credentials::identity_token("t").server("b")));
    assert_eq!(setting.found("c"), Some(Credentials::registry_token("bearer")), "as the docker CLI does it");
    assert_eq!(setting.found("d"), None, "the file has it, and it has none");
    assert_eq!(setting.found("docker.io"), None, "not found is nobody");
}

#[test]
fn all_of_a_build_s_registries_are_told() {
    let store = "case $1 in list) echo '{\"a\":\"u\",\"b\":\"u\",\"broken\":\"u\"}';; get) read -r server;\n\
                 [ $server = broken ] && exit 3; echo '{\"Username\":\"'$server'\",\"Secret\":\"p\"}';; esac";
    let setting = Setting::new(
        r#"{"auths":{"a":{},"other":{}},"credsStore":"store","credHelpers":{"b":"own","c":"own","d":"absent"}}"#,
    )
    .program("docker-credential-store", store)
    .helper("own", "b", r#"{"ServerURL":"b","Username":"own","Secret":"p"}"#);
    let all = setting.all();
    assert_eq!(all.keys().collect::<Vec<_>>(), ["a", "b"], "what fails is left out");
    assert_eq!((all["a"].username.as_str(), all["b"].username.as_str()), ("a", "own"));
    let broken = Setting::new(r#"{"auths":{"a":{"auth":"hunter2"}}}"#);
    assert!(told(broken.find_all().map(drop)).contains("$.auths.a.auth"));
}

#[test]
fn a_helper_that_fails_says_why_and_no_secret() {
    for (script, why) in [
        ("echo no pinentry; echo 'gpg: no\ttty' >&2; exit 2", "`get` ended with exit status: 2"),
        ("echo no credentials server URL; exit 1", "exit status: 1: no credentials server URL"),
        ("echo '{\"Username\":\"u\",\"Secret\":\"hunter2\"}'; echo hunter2 is bad >&2; exit 1", "exit status: 1"),
        ("echo '{\"username\":\"u\",\"secret\":\"hunter2\"'; exit 1", "exit status: 1"),
        ("set -x; echo '{\"Username\":\"u\",\"Secret\":\"hunter2\"}'; exit 1", "exit status: 1"),
        ("kill -9 $$", "signal: 9"),
        ("echo hunter2", "invalid output of `get`, expected {\"Username\":\"…\",\"Secret\":\"…\"}"),
        (
            "echo '{\"Username\":\"hunter2\",\"Secret\":7}'",
            "invalid type: integer, expected a string at $.Secret, in line 1",
        ),
        ("", "EOF while parsing a value"),
        ("cat /dev/zero", "it printed more than 4 MiB"),
    ] {
        let setting = Setting::new(r#"{"credsStore":"x"}"#).program("docker-credential-x", script);
        let failure = setting.failure("r");
        let label = format!("docker-credential-x (credsStore of {})", setting.file().display());
        assert!(failure.starts_with(&label) && failure.contains(why), "{failure}");
        assert!(!failure.contains("hunter2") && !failure.contains("pinentry") && !failure.contains("gpg"), "{failure}");
    }
}

#[test]
fn a_helper_s_keys_are_read_whatever_their_case() {
    for answer in [r#"{"username":"u","secret":"p"}"#, r#"{"USERNAME":"u","Secret":"p","serverurl":"r"}"#] {
        let setting = Setting::new(r#"{"CREDSSTORE":"x"}"#).helper("x", "r", answer);
        assert_eq!(setting.found("r"), password("u", "p", "r"), "{answer}");
    }
    let file = Setting::new(r#"{"Auths":{"r":{"AUTH":"dTpw"}}}"#);
    assert_eq!(file.found("r"), password("u", "p", "r"));
}

#[test]
fn a_helper_that_hangs_is_killed() {
    use crate::registry::helper::Helper;
    let setting = Setting::new("{}").program("docker-credential-x", "echo $$ > $(dirname $0)/pid; exec sleep 1000");
    let bin = setting.folder.path().join("bin");
    let mut helper = Helper::new("x", "a test", bin.to_str().expect("a path")).expect("a helper");
    helper.limit = std::time::Duration::from_millis(500);
    let failure = told(helper.get("r").map(drop));
    assert!(failure.contains("it did not exit within 500ms and was killed"), "{failure}");
    let process = std::fs::read_to_string(bin.join("pid")).expect("its process");
    assert!(!Path::new("/proc").join(process.trim()).exists(), "it is gone, and was waited for");
}

#[test]
fn a_process_of_a_helper_may_hold_its_output() {
    use crate::registry::helper::Helper;
    let setting = Setting::new("{}").program("docker-credential-x", "sleep 10 &\necho '{}'");
    let bin = setting.folder.path().join("bin");
    let path = format!("{}:/usr/bin:/bin", bin.display());
    let mut helper = Helper::new("x", "a test", &path).expect("a helper");
    helper.limit = std::time::Duration::from_secs(2);
    let failure = told(helper.get("r").map(drop));
    assert!(failure.contains("it exited, but a process that it started kept its output open for 2s"), "{failure}");
}

#[test]
fn all_registries_share_one_limit() {
    let store = "[ $1 = get ] || exec echo '{\"a\":\"u\",\"b\":\"u\",\"c\":\"u\",\"d\":\"u\"}'\n\
                 echo >> $(dirname $0)/asked; exec sleep 1000";
    let setting =
        Setting::new(r#"{"credsStore":"store","credHelpers":{"e":"store","f":""},"auths":{"f":{"auth":"dTpw"}}}"#)
            .program("docker-credential-store", store);
    let limit = std::time::Duration::from_secs(1);
    let begun = std::time::Instant::now();
    let all = setting.with(|credentials| credentials.all_within(limit)).expect("those that are left");
    assert!(begun.elapsed() < limit * 3, "{:?}", begun.elapsed());
    assert_eq!(all.keys().collect::<Vec<_>>(), ["f"]);
    let asked = std::fs::read_to_string(setting.folder.path().join("bin/asked")).expect("it was asked");
    assert_eq!(asked.lines().count(), 1, "no time is left for another one");
}

#[test]
fn the_system_s_own_helper_is_taken_if_the_file_is_silent() {
    if cfg!(not(target_os = "linux")) {
        return;
    }
    let secret_service = |config| Setting::new(config).helper("secretservice", "a", r#"{"Username":"u","Secret":"p"}"#);
    assert_eq!(secret_service(r#"{"currentContext":"x"}"#).found("a"), password("u", "p", "a"));
    assert_eq!(secret_service(r#"{"auths":{"b":{}}}"#).found("a"), None, "it says something");
    let pass = secret_service("{}").program("pass", "").helper("pass", "a", r#"{"Username":"pass","Secret":"p"}"#);
    assert_eq!(pass.found("a"), password("pass", "p", "a"));
    assert_eq!(secret_service("{}").program("pass", "").found("a"), None, "its helper is not there");

    let stored = secret_service("{}").program("docker-credential-secretservice", "cat > $(dirname $0)/stored");
    let credentials = Credentials::password("u", "hunter2").server("a");
    stored.with(|store| store.store(&credentials)).expect("stored");
    assert_eq!(stored.json(), serde_json::json!({"auths":{"a":{}},"credsStore":"secretservice"}));
}

#[test]
fn helpers_store_and_erase() {
    let script = "cat >> $(dirname $0)/said; echo \" $1\" >> $(dirname $0)/said";
    let setting = Setting::new(r#"{"auths":{"r":{"auth":"b2xkOnA=","email":"x"}},"credsStore":"x"}"#)
        .program("docker-credential-x", script);
    let said = || std::fs::read_to_string(setting.folder.path().join("bin/said")).expect("what it was told");
    setting.with(|store| store.store(&Credentials::password("u", "p").server("r"))).expect("stored");
    assert_eq!(said(), "{\"ServerURL\":\"r\",\"Username\":\"u\",\"Secret\":\"p\"} store\n");
    assert_eq!(setting.json()["auths"], serde_json::json!({"r":{"email":"x"}}), "and not in the file");
    let token = Credentials::password("u", "p").server("r").with_identity_token("t".into());
    setting.with(|store| store.store(&token)).expect("stored");
    assert!(said().ends_with("{\"ServerURL\":\"r\",\"Username\":\"<token>\",\"Secret\":\"t\"} store\n"));
    setting.with(|store| store.erase("r")).expect("erased");
    assert!(said().ends_with("store\nr erase\nhttp://r erase\nhttps://r erase\n"), "{}", said());
    assert_eq!(setting.json()["auths"], serde_json::json!({}));

    let fails = Setting::new(r#"{"auths":{"r":{}},"credsStore":"x"}"#)
        .program("docker-credential-x", "cat; [ $1 = erase ] || echo bad hunter2 >&2; exit 1");
    let credentials = Credentials::password("u", "hunter2").server("r");
    let failure = told(fails.with(|store| store.store(&credentials)));
    assert!(failure.contains("`store` ended with exit status: 1"), "{failure}");
    assert!(!failure.contains("bad"), "{failure}");
    assert!(told(fails.with(|store| store.erase("r"))).contains("`erase` ended"));
    let nothing = Setting::new(r#"{"credsStore":"x"}"#).helper("x", "", "");
    nothing.with(|store| store.erase("r")).expect("nothing there is fine");
}
