// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Listing } from "../parts/Listing";
import { Name } from "../parts/Name";
import { OneTimeCode } from "../parts/OneTimeCode";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";

type Converter = Schemas["Converter"];

function Row({ of }: { of: Converter }) {
    const { t } = useTranslation("converters");
    const { ago } = useTime();
    const state = !of.enrolled ? t("state.new") : of.connected ? t("state.connected") : t("state.away", { when: of.seen ? ago(of.seen) : t("shell:never") });

    return (
        <>
            <Name of={of.name} fw={600} />
            <Text size="sm">{state}</Text>
            {of.formats.length > 0 && (
                <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                    {t("reads", { formats: of.formats.join(", ") })}
                </Text>
            )}
        </>
    );
}

function ConverterDialog({ close }: { close: () => void }) {
    const { t } = useTranslation("converters");
    const { act, isBusy } = useAct();
    const [name, setName] = useState("");
    const [made, setMade] = useState<Schemas["NewConverter"] | null>(null);

    async function make() {
        const came = await act(() => done(api.POST("/v1/converters", { body: { name: name.trim() } })), { again: ["converters"] });

        if (came) setMade(came.came);
    }

    if (made) return <OneTimeCode title={t("code.title", { name: made.name })} words={t("code.words")} code={made.code} expires={made.expires} commands={[`[service]\nurl = ${location.origin}`, "imprimatur-converter --config /etc/imprimatur/converter.conf --enrol"]} close={close} />;
    return (
        <Dialog title={t("add")} deed={t("make")} busy={isBusy} close={close} submit={() => void make()}>
            <TextInput label={t("name")} description={t("nameHint")} required maxLength={63} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
        </Dialog>
    );
}

/* Servers that turn documents into pages, for the whole service. */
export default function ConvertersPage() {
    const { t } = useTranslation("converters");
    const converters = usePaged(["converters"], (after) => done(api.GET("/v1/converters", { params: { query: after ? { after } : {} } })));

    return (
        <Listing
            words={t}
            of={converters}
            name={(one) => one.name}
            Row={Row}
            Dialog={ConverterDialog}
            canChange={false}
            remove={(one) => done(api.DELETE("/v1/converters/{converter}", { params: { path: { converter: one.id } } }))}
            again={["converters"]}
        />
    );
}
