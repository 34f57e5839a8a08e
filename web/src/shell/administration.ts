// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What administrators have besides: fetched for them alone. */
import type { Feature } from "./feature";

export { AdministrationMenu } from "./AdministrationMenu";

const found = import.meta.glob<{ default: Feature }>(["../*/administration.ts", "!./administration.ts"], { eager: true });

export const features: readonly Feature[] = Object.values(found).map((module) => module.default);
