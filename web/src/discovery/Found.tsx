// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Badge, Button, Checkbox, Group, Paper, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Empty } from "../parts/Empty";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { usePaged } from "../parts/usePaged";
import { nameOf } from "../printers/address";

type Seen = Schemas["DiscoveredPrinter"];

const AGAIN = ["discovery", "printers", "sites"];

/* "Acme 9000 SN-77": of one model there are many. */
function suggested(seen: Seen): string {
    return `${seen.make_and_model ?? "Printer"} ${seen.identity?.serial ?? seen.address ?? ""}`.trim();
}

function adopt(seen: Seen, name: string, title: string | null) {
    return done(api.POST("/v1/discovered-printers/{discovered}/printer", { params: { path: { discovered: seen.id } }, body: { name, title } }));
}

function Adopt({ seen, close }: { seen: Seen; close: () => void }) {
    const { t } = useTranslation("discovery");
    const { act, isBusy } = useAct();
    const [title, setTitle] = useState(seen.make_and_model ?? "");

    async function add() {
        if (await act(() => adopt(seen, nameOf(title === seen.make_and_model ? suggested(seen) : title), title), { again: AGAIN, said: t("adopted", { count: 1 }) })) close();
    }

    return (
        <Dialog title={t("adopt")} deed={t("adopt")} busy={isBusy} close={close} submit={() => void add()}>
            <Text size="sm">{t("adoptLead")}</Text>
            <TextInput label={t("name")} required maxLength={120} value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
        </Dialog>
    );
}

interface RowProps {
    seen: Seen;
    isChosen: boolean;
    choose: (chosen: boolean) => void;
    adoptIt: () => void;
}

function Row({ seen, isChosen, choose, adoptIt }: RowProps) {
    const { t } = useTranslation("discovery");
    const { ago } = useTime();
    const { act } = useAct();
    const called = seen.make_and_model ?? seen.address ?? t("unnamed");
    const forget = () => act(() => done(api.DELETE("/v1/discovered-printers/{discovered}", { params: { path: { discovered: seen.id } } })), { again: AGAIN });

    return (
        <Paper component="li" withBorder px="sm" py={8} style={{ contentVisibility: "auto", containIntrinsicSize: "auto 58px" }}>
            <Group gap="sm">
                {!seen.printer && <Checkbox checked={isChosen} onChange={(event) => choose(event.currentTarget.checked)} aria-label={t("choose", { name: called })} />}
                <div style={{ minWidth: 0, flex: "1 1 14rem" }}>
                    <Name of={called} fw={600} />
                    <Name of={[seen.address, seen.identity?.serial, seen.via.join(", ").toUpperCase()].filter(Boolean).join(" · ")} c="dimmed" size="sm" style={{ display: "-webkit-box" }} />
                </div>
                {seen.silent_since && (
                    <Badge variant="dot" color="gray" tt="none">
                        {t("silent", { when: ago(seen.silent_since) })}
                    </Badge>
                )}
                {seen.printer ? (
                    <Anchor component={Link} href={`/admin/printers/${seen.printer}?tab=device`} size="sm">
                        {t("toPrinter")}
                    </Anchor>
                ) : (
                    <Group gap="xs">
                        <Button size="compact-sm" variant="default" onClick={adoptIt} aria-label={`${t("adopt")}: ${called}`}>
                            {t("adopt")}
                        </Button>
                        <Button size="compact-sm" variant="default" onClick={() => void forget()} aria-label={`${t("forget")}: ${called}`}>
                            {t("forget")}
                        </Button>
                    </Group>
                )}
            </Group>
        </Paper>
    );
}

/* What agents have seen; those that are none of ours can be taken over, several in one press. */
export function Found({ which }: { which: "new" | "known" }) {
    const { t } = useTranslation("discovery");
    const { act, isBusy } = useAct();
    const [chosen, setChosen] = useState<readonly string[]>([]);
    const [adopting, setAdopting] = useState<Seen | null>(null);
    const found = usePaged(["discovery", "found", which], (after) =>
        done(api.GET("/v1/discovered-printers", { params: { query: { which, ...(after ? { after } : {}) } } })),
    );
    const wanted = found.items?.filter((seen) => chosen.includes(seen.id) && !seen.printer) ?? [];

    async function adoptAll() {
        const went = await act(
            async () => {
                for (const seen of wanted) await adopt(seen, nameOf(suggested(seen)), suggested(seen));
            },
            { again: AGAIN, said: t("adopted", { count: wanted.length }) },
        );

        if (went) setChosen([]);
    }

    return (
        <Loaded query={found.query}>
            {() =>
                found.items?.length ? (
                    <Stack gap="xs">
                        {which === "new" && (
                            <Group>
                                <Button variant="default" size="compact-sm" onClick={() => setChosen(found.items!.map((seen) => seen.id))}>
                                    {t("chooseAll")}
                                </Button>
                                <Button size="compact-sm" disabled={!wanted.length} loading={isBusy} onClick={() => void adoptAll()}>
                                    {t("adoptChosen", { count: wanted.length })}
                                </Button>
                            </Group>
                        )}
                        <Stack component="ul" gap={6} p={0} m={0} style={{ listStyle: "none" }} aria-label={t(`which.${which}`)}>
                            {found.items.map((seen) => (
                                <Row
                                    key={seen.id}
                                    seen={seen}
                                    isChosen={chosen.includes(seen.id)}
                                    choose={(isChosen) => setChosen((before) => (isChosen ? [...before, seen.id] : before.filter((id) => id !== seen.id)))}
                                    adoptIt={() => setAdopting(seen)}
                                />
                            ))}
                        </Stack>
                        <More of={found} />
                        {adopting && <Adopt seen={adopting} close={() => setAdopting(null)} />}
                    </Stack>
                ) : (
                    <Empty words={t(`none.${which}`)} hint={t(`none.${which}Hint`)} />
                )
            }
        </Loaded>
    );
}
