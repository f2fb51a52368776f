// Forms with data-passkey="get" or "create": a button asks the browser for a passkey, and its
// answer goes into the form's hidden field `credential`. What to ask for stands in the page, in
// the JSON that data-options-in names, or is fetched from data-options. Where browsers have no
// passkeys, such forms stay hidden and the page's other ways in remain.

const { PublicKeyCredential: Passkeys } = window;

function decode(text) {
  const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}

function encode(buffer) {
  if (!buffer) return null;
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

function described(list) {
  return (list ?? []).map((one) => ({ ...one, id: decode(one.id) }));
}

async function create(options, withoutPassword) {
  const asked = options.publicKey;
  const wanted = { ...asked.authenticatorSelection };
  if (withoutPassword) {
    wanted.residentKey = "required";
    wanted.requireResidentKey = true;
    wanted.userVerification = "required";
  }
  const made = await navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: decode(asked.challenge),
      user: { ...asked.user, id: decode(asked.user.id) },
      excludeCredentials: described(asked.excludeCredentials),
      authenticatorSelection: wanted,
    },
  });
  return {
    ...shared(made),
    response: {
      clientDataJSON: encode(made.response.clientDataJSON),
      attestationObject: encode(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

async function get(options) {
  const asked = options.publicKey;
  const given = await navigator.credentials.get({
    publicKey: {
      ...asked,
      challenge: decode(asked.challenge),
      allowCredentials: described(asked.allowCredentials),
    },
  });
  return {
    ...shared(given),
    response: {
      clientDataJSON: encode(given.response.clientDataJSON),
      authenticatorData: encode(given.response.authenticatorData),
      signature: encode(given.response.signature),
      userHandle: encode(given.response.userHandle),
    },
  };
}

function shared(credential) {
  return {
    type: credential.type,
    id: credential.id,
    rawId: encode(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function optionsOf(form) {
  const place = document.getElementById(form.dataset.optionsIn ?? "");
  if (place) return JSON.parse(place.textContent);
  const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
  return answer.json();
}

async function ask(form) {
  const said = await optionsOf(form);
  if (form.dataset.passkey === "get") return get(said.request_options);
  return create(said.creation_options, form.elements.passwordless !== undefined);
}

if (Passkeys) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    const failed = document.querySelector("[data-passkey-failed]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (failed) failed.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(await ask(form));
        form.submit();
      } catch {
        // closed, not allowed, no key of this place: the page says so and offers the rest
        if (failed) failed.hidden = false;
      }
    });
  }
} else {
  for (const note of document.querySelectorAll("[data-no-passkeys]")) note.hidden = false;
}
