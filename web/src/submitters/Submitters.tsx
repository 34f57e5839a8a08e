// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Radio, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { names, useSites } from "../parts/everything";
import { Listing } from "../parts/Listing";
import { Name } from "../parts/Name";
import { Pick } from "../parts/Pick";
import { Section } from "../parts/Section";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";
import { PersonPicker } from "../people/PersonPicker";

type Submitter = Schemas["Submitter"];

function Row({ of }: { of: Submitter }) {
    const { t } = useTranslation("submitters");
    const siteOf = names(useSites().data);
    const user = of.user === "*" ? t("anybody") : of.user;

    return (
        <>
            <Name of={of.person_email ? t("isPerson", { user, email: of.person_email }) : t("isDomain", { user, domain: of.domain })} fw={600} lines={2} />
            <Text size="sm" c="dimmed">
                {[t("fromNetwork", { network: of.network }), of.site && t("atSite", { site: siteOf(of.site) })].filter(Boolean).join(" · ")}
            </Text>
        </>
    );
}

function SubmitterDialog({ close }: { close: () => void }) {
    const { t } = useTranslation("submitters");
    const { act, isBusy } = useAct();
    const sites = useSites();
    const [network, setNetwork] = useState("");
    const [kind, setKind] = useState<"person" | "domain">("person");
    const [user, setUser] = useState("");
    const [person, setPerson] = useState<string | null>(null);
    const [domain, setDomain] = useState("");
    const [site, setSite] = useState<string | null>(null);

    async function save() {
        const whose = kind === "person" ? { user: user.trim(), ...(person ? { person } : {}) } : { user: "*", domain: domain.trim() };
        const came = await act(() => done(api.POST("/v1/submitters", { body: { network: network.trim(), site, ...whose } })), { again: ["submitters", "refused-deposits"] });

        if (came) close();
    }

    return (
        <Dialog title={t("add")} deed={t("shell:add")} busy={isBusy} close={close} submit={() => void save()}>
            <TextInput label={t("field.network")} description={t("hint.network")} required maxLength={63} value={network} onChange={(event) => setNetwork(event.currentTarget.value)} data-autofocus />
            <Radio.Group label={t("field.kind")} value={kind} onChange={(value) => setKind(value as typeof kind)}>
                <Stack gap="xs" mt={4}>
                    <Radio value="person" label={t("kind.person")} />
                    <Radio value="domain" label={t("kind.domain")} />
                </Stack>
            </Radio.Group>
            {kind === "person" ? (
                <>
                    <TextInput label={t("field.user")} description={t("hint.user")} required maxLength={63} value={user} onChange={(event) => setUser(event.currentTarget.value)} />
                    <PersonPicker label={t("person")} value={person} onChange={setPerson} />
                </>
            ) : (
                <TextInput label={t("field.domain")} description={t("hint.domain")} required maxLength={254} value={domain} onChange={(event) => setDomain(event.currentTarget.value)} />
            )}
            <Pick label={t("field.site")} placeholder={t("everywhere")} of={sites.data} value={site} onChange={setSite} />
        </Dialog>
    );
}

/* Who a user of a network is, for systems that say a name and nothing else (LPD). */
export function Submitters() {
    const { t } = useTranslation("submitters");
    const submitters = usePaged(["submitters"], (after) => done(api.GET("/v1/submitters", { params: { query: after ? { after } : {} } })));

    return (
        <Listing
            words={t}
            as={Section}
            of={submitters}
            name={(one) => `${one.user} @ ${one.network}`}
            Row={Row}
            Dialog={SubmitterDialog}
            canChange={false}
            remove={(one) => done(api.DELETE("/v1/submitters/{submitter}", { params: { path: { submitter: one.id } } }))}
            again={["submitters"]}
        />
    );
}
