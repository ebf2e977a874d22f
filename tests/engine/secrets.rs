//! No secret is shown: by no error, `Debug`, observer or span of a login, a pull and a push, in any encoding.

use crate::support::again::{Setting, again, is_again};
use crate::support::guarded::{Guarded, OTHER, PASSWORD, USER};
use crate::support::real::Real;
use crate::support::shown::Shown;
use crate::support::tar;
use longshore::{Credentials, Docker, Secret};

#[tokio::test]
#[ignore = "needs a Docker Engine: see README"]
async fn no_secret_is_shown() {
    let Some(_) = is_again() else {
        // The helper fails in each way that it can, once it has said its secret.
        let helper = format!(
            "read -r server\necho '{PASSWORD}' >&2\n\
             case $server in\n\
             exit.example.com) echo '{{\"Username\":\"{USER}\",\"Secret\":\"{PASSWORD}\"}}'; exit 1;;\n\
             text.example.com) echo '{{\"Username\":\"{USER}\",\"Secret\":[\"{PASSWORD}\"]}}';;\n\
             *) echo credentials not found in native keychain; exit 1;;\n\
             esac"
        );
        let config = serde_json::json!({"credHelpers": {
            "exit.example.com": "test", "text.example.com": "test", "none.example.com": "test"}});
        let setting = Setting::new(&config.to_string()).program("docker-credential-test", &helper);
        return again("secrets::no_secret_is_shown", &setting, &[]);
    };
    let (real, guarded, shown) = (Real::engine(), Guarded::start(), Shown::default());
    #[cfg(feature = "tracing")]
    let (scribe, _guard) = {
        let scribe = crate::support::scribe::Scribe::default();
        let guard = tracing::subscriber::set_default(scribe.clone());
        (scribe, guard)
    };
    let setting = Setting::new("{}");
    let docker = Docker::builder().config_folder(setting.path()).observe(shown.clone()).build().expect("a client");
    let right = Credentials::password(USER, PASSWORD).server(&guarded.address);
    let wrong = Credentials::password(USER, OTHER.1).server(&guarded.address);
    shown.add(&(&docker, &right, Credentials::identity_token(PASSWORD), Credentials::registry_token(PASSWORD)));
    shown.add(&Secret::from(PASSWORD));
    everything(&docker, &real, &shown, &guarded.address, [&right, &wrong]).await;

    // The same with what is stored; then with settings and helpers that are broken.
    shown.add(&docker.login(&right).store(true).await.expect("logged in"));
    let image = format!("{}/{}:1", guarded.address, real.name());
    shown.fails(docker.images().pull(image.as_str()).await);
    setting.write(&format!("{{\"auths\":{{\"{}\":{{\"auth\":\"djphYmM+fj8=\"}}}}}}", guarded.address));
    shown.fails(docker.image(&image).distribution().await);
    let text = std::fs::read_to_string(setting.path().join("config.json")).expect("a file");
    setting.write(&text.replace("djphYmM+fj8=", PASSWORD));
    shown.fails(docker.images().pull(image.as_str()).await);
    for broken in [text.replace('}', ""), text.replace("\"auth\":", "")] {
        setting.write(&broken);
        shown.fails(docker.images().pull(image.as_str()).await);
        shown.fails(docker.login(&right).store(true).await);
    }
    for registry in ["exit", "text"] {
        shown.fails(real.docker.images().pull(format!("{registry}.example.com/x")).await);
    }
    let helped = Credentials::password(USER, PASSWORD).server("none.example.com");
    shown.fails(real.docker.login(&helped).store(true).await);

    let text = shown.text();
    #[cfg(feature = "tracing")]
    let text = text + &scribe.read();
    assert!(text.contains("unauthorized") && text.contains("config.json") && text.len() > 10_000, "{text}");
    for secret in secrets() {
        assert!(!text.contains(secret), "{secret} is in:\n{text}");
    }
}

/// Each call, with the right password and with a wrong one.
async fn everything(docker: &Docker, real: &Real, shown: &Shown, registry: &str, [right, wrong]: [&Credentials; 2]) {
    let name = real.name();
    let image = docker.image(format!("{registry}/{name}:1"));
    let import = docker.images().import(tar::file("about", name.as_bytes())).tag(image.name());
    import.change(format!("LABEL test={name}")).await.expect("an image");

    shown.add(&docker.login(wrong).store(true));
    shown.fails(docker.login(wrong).store(true).await);
    shown.add(&docker.login(right).await.expect("logged in"));
    for credentials in [wrong, right] {
        let (push, pull) = (image.push().credentials(credentials), docker.images().pull(image.name()));
        let pull = pull.credentials(credentials);
        shown.add(&(&push, &pull, image.distribution().credentials(credentials)));
        shown.add(&docker.images().search(format!("{registry}/x")).credentials(credentials));
        shown.fails(docker.images().search(format!("{registry}/x")).credentials(credentials).await);
        let mut steps = push.clone().stream().await.expect("a stream");
        while let Some(step) = steps.next().await {
            shown.add(&step);
        }
        shown.add(&steps);
        if credentials == wrong {
            shown.fails(push.await);
            shown.fails(pull.clone().await);
            shown.fails(image.distribution().credentials(credentials).await);
        } else {
            shown.add(&push.await.expect("pushed"));
            shown.add(&pull.await.expect("pulled"));
            shown.add(&image.distribution().credentials(credentials).await.expect("told"));
        }
    }
}

/// Both passwords, as they are, in a URL and in each base64 that they go in.
fn secrets() -> Vec<&'static str> {
    vec![
        PASSWORD,
        "p%3Fa%3Fs%3Fs%3F",
        "cD9hP3M/cz8", // p?a?s?s?
        "cD9hP3M_cz8",
        "dTpwP2E/cz9zPw", // u:p?a?s?s?
        "dTpwP2E_cz9zPw",
        OTHER.1,
        "abc%3E~%3F",
        "YWJjPn4/", // abc>~?
        "YWJjPn4_",
        "dTphYmM+fj8", // u:abc>~?
        "dTphYmM-fj8",
        "djphYmM+fj8",          // v:abc>~?
        "eyJ1c2VybmFtZSI6",     // {"username":
        "eyJpZGVudGl0eXRva2Vu", // {"identitytoken
        "eyJyZWdpc3RyeXRva2Vu", // {"registrytoken
    ]
}
