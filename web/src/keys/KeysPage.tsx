// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Badge, Button, Progress, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Problem } from "../api/problem";
import { Confirm } from "../parts/Confirm";
import { Copied } from "../parts/Copied";
import { saveAs } from "../parts/download";
import { Facts } from "../parts/Facts";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { Section } from "../parts/Section";
import { ofRegion, useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";

type Keys = Schemas["Keys"];
const LOOK_AGAIN_MS = 30_000; // while a key is exchanged

function Exchange({ exchange }: { exchange: NonNullable<Keys["exchange"]> }) {
    const { t } = useTranslation("keys");
    const share = exchange.rows ? Math.min(100, (100 * exchange.carried) / exchange.rows) : 0;

    return (
        <Stack gap={4} role="status">
            <Text>{t("exchange", { carried: exchange.carried, rows: exchange.rows ?? "?", version: exchange.version })}</Text>
            <Progress value={share} aria-label={t("exchangeShort")} />
        </Stack>
    );
}

function Versions({ keys }: { keys: Keys }) {
    const { t } = useTranslation("keys");
    const { full } = useTime();

    return (
        <Table>
            <Table.Thead>
                <Table.Tr>
                    <Table.Th>{t("version")}</Table.Th>
                    <Table.Th>{t("created")}</Table.Th>
                    <Table.Th ta="end">{t("documents")}</Table.Th>
                </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
                {keys.versions.map((one) => (
                    <Table.Tr key={one.version}>
                        <Table.Th scope="row">
                            {one.version} {one.newest && <Badge tt="none" variant="light">{t("newest")}</Badge>}
                        </Table.Th>
                        <Table.Td>{full(one.created)}</Table.Td>
                        <Table.Td ta="end">{one.documents}</Table.Td>
                    </Table.Tr>
                ))}
            </Table.Tbody>
        </Table>
    );
}

/* Each day's documents are lost for good with the key of the day. */
function Days({ days }: { days: Keys["days"] }) {
    const { t, i18n } = useTranslation("keys");
    const format = new Intl.DateTimeFormat(ofRegion(i18n.language), { dateStyle: "medium", timeZone: "UTC" });

    if (days.length === 0) return <Text c="dimmed">{t("noDays")}</Text>;
    return (
        <Table>
            <Table.Thead>
                <Table.Tr>
                    <Table.Th>{t("day")}</Table.Th>
                    <Table.Th ta="end">{t("documents")}</Table.Th>
                </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
                {days.map((one) => (
                    <Table.Tr key={one.day}>
                        <Table.Td>{format.format(new Date(one.day))}</Table.Td>
                        <Table.Td ta="end">{one.documents}</Table.Td>
                    </Table.Tr>
                ))}
            </Table.Tbody>
        </Table>
    );
}

/* Null: there is none yet. */
async function findAuthority(): Promise<Schemas["Authority"] | null> {
    try {
        return await done(api.GET("/v1/authority"));
    } catch (error) {
        if (error instanceof Problem && (error.status === 409 || error.status === 404)) return null;
        throw error;
    }
}

function Authority() {
    const { t } = useTranslation("keys");
    const { full } = useTime();
    const { act, isBusy } = useAct();
    const authority = useQuery({ queryKey: ["authority"], queryFn: findAuthority });

    const make = () => act(() => done(api.POST("/v1/authority")), { again: ["authority"] });
    return (
        <Section title={t("authority.title")} lead={t("authority.lead")}>
            <Loaded query={authority}>
                {(found) =>
                    found ? (
                        <>
                            <Facts
                                of={[
                                    [t("authority.fingerprint"), <Copied key="fingerprint" value={found.fingerprint} label={t("authority.fingerprint")} />],
                                    [t("created"), full(found.created)],
                                    [t("expires"), full(found.expires)],
                                ]}
                            />
                            <Button variant="default" style={{ alignSelf: "flex-start" }} onClick={() => saveAs(new Blob([found.certificate], { type: "application/x-pem-file" }), "authority.pem")}>
                                {t("authority.save")}
                            </Button>
                        </>
                    ) : (
                        <Button loading={isBusy} style={{ alignSelf: "flex-start" }} onClick={() => void make()}>
                            {t("authority.make")}
                        </Button>
                    )
                }
            </Loaded>
        </Section>
    );
}

function Certificates() {
    const { t } = useTranslation("keys");
    const { full } = useTime();
    const { act, isBusy } = useAct();
    const [asked, ask] = useState<string | null>(null);
    const certificates = usePaged(["certificates"], (after) => done(api.GET("/v1/certificates", { params: { query: after ? { after } : {} } })));

    const revoke = async () => {
        if (!asked) return;
        await act(() => done(api.DELETE("/v1/certificates/{certificate}", { params: { path: { certificate: asked } } })), { again: ["certificates"] });
        ask(null);
    };
    return (
        <Section title={t("certificates.title")}>
            <Loaded query={certificates.query}>
                {() =>
                    certificates.items?.length ? (
                        <Table.ScrollContainer minWidth={480}>
                            <Table>
                                <Table.Thead>
                                    <Table.Tr>
                                        <Table.Th>{t("certificates.names")}</Table.Th>
                                        <Table.Th>{t("certificates.kind")}</Table.Th>
                                        <Table.Th>{t("expires")}</Table.Th>
                                        <Table.Th>{t("certificates.state")}</Table.Th>
                                    </Table.Tr>
                                </Table.Thead>
                                <Table.Tbody>
                                    {certificates.items.map((one) => (
                                        <Table.Tr key={one.id}>
                                            <Table.Td>
                                                <Name of={one.names.join(", ")} size="sm" lines={2} />
                                            </Table.Td>
                                            <Table.Td>{t(`certificates.${one.kind}`)}</Table.Td>
                                            <Table.Td>{full(one.expires)}</Table.Td>
                                            <Table.Td>
                                                {one.revoked || one.kind !== "printer" ? (
                                                    t(one.revoked ? "certificates.revoked" : "certificates.good")
                                                ) : (
                                                    <Button size="compact-sm" variant="default" onClick={() => ask(one.id)}>
                                                        {t("certificates.revoke")}
                                                    </Button>
                                                )}
                                            </Table.Td>
                                        </Table.Tr>
                                    ))}
                                </Table.Tbody>
                            </Table>
                        </Table.ScrollContainer>
                    ) : (
                        <Text c="dimmed">{t("certificates.none")}</Text>
                    )
                }
            </Loaded>
            <More of={certificates} />
            <Confirm opened={asked !== null} title={t("certificates.revoke")} words={t("certificates.words")} deed={t("certificates.revoke")} busy={isBusy} close={() => ask(null)} confirm={() => void revoke()} />
        </Section>
    );
}

/* No key is ever shown; these are their versions and days. */
export default function KeysPage() {
    const { t } = useTranslation("keys");
    const { act, isBusy } = useAct();
    const [isAsked, setAsked] = useState(false);
    const keys = useQuery({
        queryKey: ["keys"],
        queryFn: () => done(api.GET("/v1/keys")),
        refetchInterval: (query) => (query.state.data?.exchange ? LOOK_AGAIN_MS : false),
    });

    const renew = async () => {
        await act(() => done(api.POST("/v1/keys")), { again: ["keys"] });
        setAsked(false);
    };
    return (
        <Page title={t("title")} lead={t("lead")}>
            <Section
                title={t("versions")}
                lead={t("versionsLead")}
                actions={
                    <Button variant="default" disabled={!keys.data || keys.data.exchange !== null} onClick={() => setAsked(true)}>
                        {t("renew.deed")}
                    </Button>
                }
            >
                <Loaded query={keys}>
                    {(found) => (
                        <>
                            {found.exchange && <Exchange exchange={found.exchange} />}
                            <Versions keys={found} />
                        </>
                    )}
                </Loaded>
            </Section>
            <Section title={t("days")} lead={t("daysLead")}>
                <Loaded query={keys}>{(found) => <Days days={found.days} />}</Loaded>
            </Section>
            <Authority />
            <Certificates />
            <Confirm opened={isAsked} title={t("renew.title")} words={t("renew.words")} deed={t("renew.deed")} busy={isBusy} close={() => setAsked(false)} confirm={() => void renew()} />
        </Page>
    );
}
