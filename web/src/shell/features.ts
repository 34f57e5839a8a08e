// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* All features. Apart from feature.ts, which each of them needs: its constants have to be there before they are asked for. */
import type { Feature } from "./feature";

const found = import.meta.glob<{ default: Feature }>(["../*/feature.ts", "!./feature.ts"], { eager: true });

export const features: readonly Feature[] = Object.values(found).map((module) => module.default);
