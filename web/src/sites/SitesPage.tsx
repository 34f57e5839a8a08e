// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Button, Checkbox, Group, Paper, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Empty } from "../parts/Empty";
import { called, type Site, useSites } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { useAct } from "../parts/useAct";
import { nameOf } from "../printers/address";
import { Map } from "./Map";

function Add({ close }: { close: () => void }) {
    const { t } = useTranslation("sites");
    const { act, isBusy } = useAct();
    const [title, setTitle] = useState("");
    const [address, setAddress] = useState("");
    const [geo, setGeo] = useState("");
    const [encrypted, setEncrypted] = useState(false);

    async function add() {
        const body = { name: nameOf(title).replace(/^printer(-|$)/, "site$1"), title, address: address || null, geo: geo ? `geo:${geo.replace(/\s/g, "")}` : null, encrypted_only: encrypted };

        if (await act(() => done(api.POST("/v1/sites", { body })), { again: ["sites"] })) close();
    }

    return (
        <Dialog title={t("add")} deed={t("shell:add")} busy={isBusy} close={close} submit={() => void add()}>
            <TextInput label={t("field.title")} required maxLength={120} value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
            <TextInput label={t("field.address")} maxLength={255} value={address} onChange={(event) => setAddress(event.currentTarget.value)} />
            <TextInput label={t("field.geo")} description={t("hint.geo")} maxLength={40} value={geo} onChange={(event) => setGeo(event.currentTarget.value)} />
            <Checkbox label={t("field.encrypted")} description={t("hint.encrypted")} checked={encrypted} onChange={(event) => setEncrypted(event.currentTarget.checked)} />
        </Dialog>
    );
}

function Row({ site }: { site: Site }) {
    const { t } = useTranslation("sites");

    return (
        <Paper component="li" withBorder px="sm" py={8}>
            <Group justify="space-between" gap="xs">
                <div style={{ minWidth: 0, flex: "1 1 14rem" }}>
                    <Anchor component={Link} href={`/admin/sites/${site.id}`} fw={600}>
                        <Name of={called(site)} inherit />
                    </Anchor>
                    <Name of={site.address} c="dimmed" size="sm" style={{ display: "-webkit-box" }} />
                </div>
                <Anchor component={Link} href={`/admin/printers?site=${encodeURIComponent(site.name)}`} size="sm">
                    {t("printers", { count: site.printers })}
                </Anchor>
                <Text size="sm" c="dimmed">
                    {t("administrators", { count: site.administrators })}
                </Text>
            </Group>
        </Paper>
    );
}

export default function SitesPage() {
    const { t } = useTranslation("sites");
    const [isAdding, adding] = useDisclosure();
    const sites = useSites();

    return (
        <Page title={t("title")} lead={t("lead")} actions={<Button onClick={adding.open}>{t("add")}</Button>}>
            <Loaded query={sites}>
                {(all) =>
                    all.length ? (
                        <>
                            <Map sites={all} />
                            <Stack component="ul" gap={6} p={0} m={0} style={{ listStyle: "none" }} aria-label={t("title")}>
                                {all.map((site) => (
                                    <Row key={site.id} site={site} />
                                ))}
                            </Stack>
                        </>
                    ) : (
                        <Empty words={t("none")} hint={t("noneHint")} />
                    )
                }
            </Loaded>
            {isAdding && <Add close={adding.close} />}
        </Page>
    );
}
