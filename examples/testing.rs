//! A service in a container of its own as a test fixture: ready when the test begins, and removed when it ends, even if
//! it panics.
//!
//! ```sh
//! tests/engine.sh cargo test --example testing     # on any machine
//! ```
//!
//! ```text
//! test tests::the_page_is_served ... ok
//! ```

fn main() {
    println!("run me as a test: cargo test --example testing");
}

#[cfg(test)]
mod tests {
    use longshore::Docker;
    use longshore::container::ContainerSpec;
    use longshore::deploy::{Ready, Run, Running};
    use std::io::{Read, Write};

    /// Starts a web server and returns it with its port. Returns `None` outside of this crate's own tests.
    async fn web() -> Option<(Running, u16)> {
        // Your own tests name an image: "nginx:1.27".
        let image = std::env::var("LONGSHORE_TEST_IMAGE").ok()?;
        let docker = Docker::from_env().expect("an engine");
        let spec = ContainerSpec::new(image).ports("127.0.0.1::80"); // the engine chooses a free port
        let run = Run::new(spec).ready(Ready::http(80, "/")).remove_on_drop(true);
        let web = run.start(&docker).await.expect("a web server");
        let port = web.mapped_port(80).await.expect("its port");
        Some((web, port))
    }

    #[tokio::test]
    async fn the_page_is_served() {
        let Some((web, port)) = web().await else { return };
        // An engine in a network of its own publishes its ports there, and not on this machine.
        if let Ok(mut stream) = std::net::TcpStream::connect(format!("{}:{port}", web.host())) {
            stream.write_all(b"GET / HTTP/1.0\r\n\r\n").expect("sent");
            let mut page = String::new();
            stream.read_to_string(&mut page).expect("a page");
            assert!(page.contains("hello from longshore"), "{page}");
        }
        web.remove_all().await.expect("removed"); // waits for it, while a panic before would remove it in the background
    }
}
