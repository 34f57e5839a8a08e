// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Confirm } from "../parts/Confirm";
import { Empty } from "../parts/Empty";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";

type Token = Schemas["Token"];

function useUse() {
    const { t } = useTranslation("devices");
    const { ago } = useTime();

    return (token: Token) => {
        if (!token.used) return t("unused");
        return [t("used", { when: ago(token.used) }), token.used_from && t("from", { address: token.used_from })].filter(Boolean).join(", ");
    };
}

function Device({ token, remove }: { token: Token; remove: () => void }) {
    const { t } = useTranslation("devices");
    const { ago, full } = useTime();
    const use = useUse();

    return (
        <Paper component="li" withBorder p="sm">
            <Group justify="space-between" wrap="nowrap">
                <div style={{ minWidth: 0 }}>
                    <Name of={token.label} fw={600} />
                    <Text size="sm" c="dimmed">
                        {t(`kind.${token.kind}`)} · {t("made", { when: ago(token.created) })}
                        {token.expires && ` · ${t("expires", { when: full(token.expires) })}`}
                    </Text>
                    <Text size="sm">{use(token)}</Text>
                </div>
                <Button variant="default" onClick={remove} style={{ flexShrink: 0 }}>
                    {t("remove")}
                </Button>
            </Group>
        </Paper>
    );
}

function Remove({ token, close }: { token: Token; close: () => void }) {
    const { t } = useTranslation("devices");
    const { act, isBusy } = useAct();
    const remove = async () => {
        const came = await act(() => done(api.DELETE("/v1/tokens/{token}", { params: { path: { token: token.id } } })), { again: ["tokens"] });
        if (came) close();
    };

    return (
        <Confirm
            opened
            title={t("removeTitle")}
            words={
                <>
                    <Name of={token.label} fw={600} />
                    <p>{t("removeWords")}</p>
                </>
            }
            deed={t("remove")}
            busy={isBusy}
            close={close}
            confirm={() => void remove()}
        />
    );
}

export default function DevicesPage() {
    const { t } = useTranslation("devices");
    const [leaving, setLeaving] = useState<Token | null>(null);
    const tokens = usePaged(["tokens"], (after) => done(api.GET("/v1/tokens", { params: { query: after ? { after } : {} } })));
    const add = (
        <Button component={Link} href="/set-up">
            {t("add")}
        </Button>
    );

    return (
        <Page title={t("title")} lead={t("lead")} actions={add}>
            <Loaded query={tokens.query}>
                {() =>
                    tokens.items?.length ? (
                        <Stack component="ul" p={0} m={0} gap="xs" style={{ listStyle: "none" }}>
                            {tokens.items.map((token) => (
                                <Device key={token.id} token={token} remove={() => setLeaving(token)} />
                            ))}
                        </Stack>
                    ) : (
                        <Empty words={t("none")} hint={t("noneHint")} />
                    )
                }
            </Loaded>
            <More of={tokens} />
            {leaving && <Remove token={leaving} close={() => setLeaving(null)} />}
        </Page>
    );
}
