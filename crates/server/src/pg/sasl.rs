//! The messages of SCRAM-SHA-256 (RFC 5802, section 7) on the server's side, without channel binding.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What the client said first.
#[derive(Debug, PartialEq, Eq)]
pub struct ClientFirst {
    /// The part before the message proper, which comes back encoded.
    header: String,
    bare: String,
    nonce: String,
}

/// What the server answered.
#[derive(Debug)]
pub struct ServerFirst {
    pub message: String,
    nonce: String,
}

/// What the client said last.
#[derive(Debug, PartialEq, Eq)]
pub struct ClientFinal {
    /// All messages joined, over which proof and signature are made.
    pub auth_message: String,
    pub proof: [u8; 32],
}

/// Longest nonce of a client.
const NONCE_BYTES_MAX: usize = 512;

/// `n,,n=user,r=nonce`. A client that could bind to the TLS channel but sees that we do not offer it sends `y`.
pub fn client_first(message: &str) -> Result<ClientFirst, &'static str> {
    let mut parts = message.splitn(3, ',');
    let (Some(binding), Some(_identity), Some(bare)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("the first SCRAM message has no header");
    };
    match binding {
        "n" | "y" => {}
        _ => return Err("channel binding is not offered; connect with channel_binding=prefer or disable"),
    }
    let nonce = attribute(bare, 'r').filter(|nonce| !nonce.is_empty() && nonce.len() <= NONCE_BYTES_MAX);
    let nonce = nonce.ok_or("the first SCRAM message has no nonce")?.to_owned();
    if bare.starts_with("m=") {
        return Err("the first SCRAM message asks for an extension that is not known here");
    }
    let header = message[..message.len() - bare.len()].to_owned();
    Ok(ClientFirst { header, bare: bare.to_owned(), nonce })
}

/// `r=nonce+ours,s=salt,i=iterations`.
pub fn server_first(client: &ClientFirst, ours: &[u8; 18], salt: &[u8], iterations: u32) -> ServerFirst {
    let nonce = format!("{}{}", client.nonce, STANDARD.encode(ours));
    let message = format!("r={nonce},s={},i={iterations}", STANDARD.encode(salt));
    ServerFirst { message, nonce }
}

/// `c=header,r=nonce,p=proof`.
pub fn client_final(message: &str, client: &ClientFirst, server: &ServerFirst) -> Result<ClientFinal, &'static str> {
    let (without_proof, proof) = message.rsplit_once(",p=").ok_or("the last SCRAM message has no proof")?;
    let proof = STANDARD.decode(proof).ok().and_then(|proof| proof.try_into().ok());
    let proof = proof.ok_or("the proof of the last SCRAM message is not 32 bytes in base64")?;
    if attribute(without_proof, 'r') != Some(server.nonce.as_str()) {
        return Err("the last SCRAM message has another nonce");
    }
    if attribute(without_proof, 'c') != Some(STANDARD.encode(&client.header).as_str()) {
        return Err("the last SCRAM message belongs to another first one");
    }
    let auth_message = format!("{},{},{without_proof}", client.bare, server.message);
    Ok(ClientFinal { auth_message, proof })
}

/// `v=signature`.
pub fn server_final(signature: &[u8; 32]) -> String {
    format!("v={}", STANDARD.encode(signature))
}

fn attribute(message: &str, name: char) -> Option<&str> {
    message.split(',').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exchange_joins_its_messages() {
        let client = client_first("y,,n=,r=abc").expect("a first message");
        let server = server_first(&client, &[0; 18], &[1; 16], 4096);
        let nonce = server.message.split(',').next().expect("a nonce").strip_prefix("r=").expect("a nonce");
        assert!(nonce.starts_with("abc") && nonce.len() > 20, "{nonce}");
        let proof = STANDARD.encode([7; 32]);
        let last = format!("c={},r={nonce},p={proof}", STANDARD.encode("y,,"));
        let said = client_final(&last, &client, &server).expect("a last message");
        assert_eq!(said.proof, [7; 32]);
        let joined = format!("n=,r=abc,{},c={},r={nonce}", server.message, STANDARD.encode("y,,"));
        assert_eq!(said.auth_message, joined);
        for wrong in [
            last.replace("y,,", "n,,").replace(&STANDARD.encode("y,,"), &STANDARD.encode("n,,")),
            last.replace("r=abc", "r=abd"),
            last.replace(&proof, "AAAA"),
            format!("c=biws,r={nonce}"),
        ] {
            assert!(client_final(&wrong, &client, &server).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_first_message_is_refused() {
        for wrong in ["", "n,,", "n,,n=a", "p=tls-server-end-point,,n=,r=a", "n,,m=x,r=a", "n,,n=,r="] {
            assert!(client_first(wrong).is_err(), "{wrong}");
        }
    }
}
