// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";

type Needs = NonNullable<Schemas["QueueAccounting"]["needs"]>;

const NEEDS = ["none", "account", "account-and-user"] as const;

/* What is asked for of who pays. */
export function WhoPaysNeeds({ value, choose }: { value: Needs | undefined; choose: (needs: Needs) => void }) {
    const { t } = useTranslation("things");

    return (
        <Select
            label={t("whoPays.needs")}
            allowDeselect={false}
            data={NEEDS.map((needs) => ({ value: needs, label: t(`whoPays.${needs}`) }))}
            value={value ?? "none"}
            onChange={(needs) => choose(needs as Needs)}
        />
    );
}

interface Payer {
    account?: string | null;
    user?: string | null;
}

/* What is said where nobody says it: names of an accounting system. */
export function WhoPaysUsual({ of, set }: { of: Payer; set: (change: Payer) => void }) {
    const { t } = useTranslation("things");

    return (["account", "user"] as const).map((name) => (
        <TextInput
            key={name}
            label={t(`whoPays.usual_${name}`)}
            maxLength={255}
            value={of[name] ?? ""}
            onChange={(event) => set({ [name]: event.currentTarget.value || null })}
        />
    ));
}
