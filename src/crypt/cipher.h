// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * AES-256-GCM, looked up once: OpenSSL 3 otherwise searches its providers at every initialisation, under a
 * lock. Only for files of this folder. Safe from every thread.
 */
const struct evp_cipher_st *cipher_gcm(void);
