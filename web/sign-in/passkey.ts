// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Passkeys on the plain pages. The pages work without this script; with it, whatever carries data-passkey is shown and its
 * button does what the attribute says:
 *
 *     sign-in   signs in with a passkey alone, and goes on to data-next
 *     show      shows one as the second factor of the session, and goes on to data-next
 *     make      makes one for whoever is signed in, and loads the page anew
 */

import { fromBase64url, toBase64url } from "./base64url";
import { call, csrfOfSession, Refusal } from "./service";
import { say, sayProblem } from "./words";

interface OpenChallenge {
    challenge: string;
    site: string;
    expires_in: number;
}

interface Challenge {
    challenge: string;
    site: string;
    algorithms: number[];
    credentials: string[];
    user: string;
}

const TIMEOUT_MS = 300_000;

function known(credentials: string[]): PublicKeyCredentialDescriptor[] {
    return credentials.map((id) => ({ type: "public-key", id: fromBase64url(id) }));
}

async function sign(challenge: string, site: string, allowed: PublicKeyCredentialDescriptor[]) {
    const credential = (await navigator.credentials.get({
        publicKey: {
            challenge: fromBase64url(challenge),
            rpId: site,
            allowCredentials: allowed,
            userVerification: "required",
            timeout: TIMEOUT_MS,
        },
    })) as PublicKeyCredential | null;
    if (!credential) throw new Refusal("", say("notSigned"));
    const response = credential.response as AuthenticatorAssertionResponse;
    return {
        user: response.userHandle ? toBase64url(response.userHandle) : "",
        answer: {
            id: toBase64url(credential.rawId),
            client_data: toBase64url(response.clientDataJSON),
            authenticator_data: toBase64url(response.authenticatorData),
            signature: toBase64url(response.signature),
        },
    };
}

async function signIn(next: string): Promise<void> {
    const asked = await call<OpenChallenge>("POST", "/v1/sign-in/passkey");
    const { user, answer } = await sign(asked.challenge, asked.site, []);
    if (!user) throw new Refusal("", say("secondStep"));
    await call("POST", "/v1/sessions", { passkey: { ...answer, challenge: asked.challenge, user } });
    location.assign(next);
}

async function show(next: string): Promise<void> {
    const csrf = await csrfOfSession();
    const asked = await call<Challenge>("POST", "/v1/sessions/current/challenge", undefined, csrf);
    const { answer } = await sign(asked.challenge, asked.site, known(asked.credentials));
    await call("POST", "/v1/sessions/current/second-factor", { passkey: answer }, csrf);
    location.assign(next);
}

/** What the owner will know it by. */
function labelOfBrowser(): string {
    const system = /\(([^)]+)/.exec(navigator.userAgent)?.[1];
    return system ? say("madeOn") + system.slice(0, 60) : say("madeSomewhere");
}

async function make(): Promise<void> {
    const csrf = await csrfOfSession();
    const { person } = await call<{ person: { email: string; name: string | null } }>("GET", "/v1/me");
    const asked = await call<Challenge>("POST", "/v1/sessions/current/challenge", undefined, csrf);
    const credential = (await navigator.credentials.create({
        publicKey: {
            challenge: fromBase64url(asked.challenge),
            rp: { id: asked.site, name: "Imprimatur" },
            user: { id: fromBase64url(asked.user), name: person.email, displayName: person.name ?? person.email },
            pubKeyCredParams: asked.algorithms.map((alg) => ({ type: "public-key", alg })),
            authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
            excludeCredentials: known(asked.credentials),
            attestation: "none",
            timeout: TIMEOUT_MS,
        },
    })) as PublicKeyCredential | null;
    if (!credential) throw new Refusal("", say("madeNone"));
    const response = credential.response as AuthenticatorAttestationResponse;
    const made = {
        label: labelOfBrowser(),
        client_data: toBase64url(response.clientDataJSON),
        attestation: toBase64url(response.attestationObject),
    };
    await call("POST", "/v1/people/me/passkeys", made, csrf);
    location.reload();
}

function wordsOf(error: unknown): string {
    if (error instanceof Refusal && error.code === "wrong-credentials") return say("notGood");
    if (error instanceof Refusal && (error.code || error.message)) return sayProblem(error.code) ?? error.message;
    if (error instanceof DOMException && error.name === "InvalidStateError") return say("thereAlready");
    if (error instanceof DOMException) return say("notSigned");
    return say("unreachable");
}

function begin(place: HTMLElement): void {
    const button = place.querySelector("button");
    const alarm = place.querySelector<HTMLElement>("[role=alert]");
    const next = place.dataset["next"] ?? "/sign-in";
    const deeds: Record<string, () => Promise<void>> = { "sign-in": () => signIn(next), show: () => show(next), make };
    const deed = deeds[place.dataset["passkey"] ?? ""];
    if (!button || !alarm || !deed) return;
    button.addEventListener("click", () => {
        alarm.hidden = true;
        button.disabled = true;
        deed()
            .catch((error: unknown) => {
                alarm.textContent = wordsOf(error);
                alarm.hidden = false;
            })
            .finally(() => {
                button.disabled = false;
            });
    });
    place.hidden = false;
}

if ("PublicKeyCredential" in window) document.querySelectorAll<HTMLElement>("[data-passkey]").forEach(begin);
