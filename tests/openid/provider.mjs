// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * provider.mjs SETTINGS: an OpenID provider for tests. Whoever comes is signed in as login_hint says, without a
 * question; the people are in a file that is read anew each time, so that a test removes somebody by writing it.
 *
 * SETTINGS is a file of JSON: port, certificate, key (paths), people (path), redirect, logout, post_logout.
 */
import Provider from 'oidc-provider';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const settings = JSON.parse(readFileSync(process.argv[2]));
const issuer = `https://localhost:${settings.port}`;

function key(kind, options, more) {
  return { ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }), ...more };
}

function person(id) {
  return JSON.parse(readFileSync(settings.people))[id];
}

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'print',
      client_secret: settings.secret,
      redirect_uris: [settings.redirect],
      post_logout_redirect_uris: [settings.post_logout],
      backchannel_logout_uri: settings.logout,
      backchannel_logout_session_required: true,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
  ],
  jwks: {
    keys: [
      key('rsa', { modulusLength: 2048 }, { use: 'sig', alg: 'RS256', kid: 'r1' }),
      key('ec', { namedCurve: 'P-256' }, { use: 'sig', alg: 'ES256', kid: 'e1' }),
    ],
  },
  cookies: { keys: ['of a test'] },
  scopes: ['openid', 'offline_access', 'email', 'profile'],
  claims: {
    openid: ['sub', 'amr'],
    email: ['email', 'email_verified'],
    profile: ['name', 'department', 'groups'],
  },
  // Of the person: {"acr": "urn:example:two", "amr": ["pwd", "otp"]}, where the file says so.
  acrValues: ['urn:example:one', 'urn:example:two'],
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      // The form is sent by the test, as a person would press its button.
      logoutSource(ctx, form) {
        ctx.body = form;
      },
    },
  },
  pkce: { methods: ['S256'], required: () => true },
  interactions: { url: (ctx, interaction) => `/auto/${interaction.uid}` },
  findAccount(ctx, id) {
    const found = person(id);
    const { acr, amr, ...claims } = found ?? {};
    return found && { accountId: id, claims: () => ({ sub: id, ...claims }) };
  },
});

// Stories count these lines.
provider.on('grant.success', (ctx) => console.log(`granted ${ctx.oidc.params.grant_type}`));

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/auto/')) {
    await next();
    return;
  }
  const details = await provider.interactionDetails(ctx.req, ctx.res);
  let result;
  if (details.prompt.name === 'login') {
    const id = details.params.login_hint;
    const { acr, amr } = person(id) ?? {};
    result = person(id) ? { login: { accountId: id, acr, amr } } : { error: 'access_denied' };
    console.log(`asked ${id}`);
  } else {
    const { clientId, accountId } = { clientId: details.params.client_id, accountId: details.session.accountId };
    const grant = details.grantId ? await provider.Grant.find(details.grantId) : new provider.Grant({ clientId, accountId });
    grant.addOIDCScope(details.params.scope);
    result = { consent: { grantId: await grant.save() } };
  }
  ctx.respond = false;
  ctx.status = 303;
  await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: true });
});

const tls = { cert: readFileSync(settings.certificate), key: readFileSync(settings.key) };
createServer(tls, provider.callback()).listen(settings.port, '127.0.0.1', () => console.log('ready'));
