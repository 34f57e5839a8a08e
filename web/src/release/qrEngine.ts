// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The reader of QR codes, as a worker of our own address: the library makes its worker out of a string, which our
 * content security policy lets nobody do. vite.config.ts takes that string out of the library when we build.
 */
import "virtual:qr-engine";
