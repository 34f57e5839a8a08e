// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * What an invitation's QR code leads to: /set-up/invitation#ADDRESS/CODE. What stands behind the "#" is sent to no server
 * and stands in no log; the page shows the code once somebody has pressed a button, and then it is used up.
 */

export interface Invitation {
    email: string;
    code: string;
}

export const INVITATION_PATH = "/set-up/invitation";

const CODE = /^[0-9A-Za-z-]{8,32}$/;

export function invitationAddress(origin: string, { email, code }: Invitation): string {
    return `${origin}${INVITATION_PATH}#${encodeURIComponent(email)}/${code}`;
}

/* Null: this is none. */
export function readInvitation(hash: string): Invitation | null {
    const [email, code, ...rest] = hash.replace(/^#/, "").split("/");

    if (!email || !code || rest.length > 0 || !CODE.test(code)) return null;
    try {
        const address = decodeURIComponent(email);
        return address.length <= 254 && address.includes("@") ? { email: address, code } : null;
    } catch {
        return null;
    }
}
