// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon, Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconId, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { Section } from "../account/Section";
import { useDeed } from "../account/useDeed";
import { api, done, type Schemas } from "../api/client";
import { Confirm } from "../parts/Confirm";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { useTime } from "../parts/time";
import { PrinterChoice } from "../release/PrinterChoice";

type Badge = Schemas["Badge"];
type Enrolment = Schemas["BadgeEnrolment"];

const ME = { path: { person: "me" } };
const LOOK_MS = 30_000; // its event tells; this is for one that got lost, and for the end of its minute

/* The badge is shown a second time: whoever claims one has it in the hand. */
function Again({ enrolment, close }: { enrolment: Enrolment; close: () => void }) {
    const { t } = useTranslation("badges");
    const client = useQueryClient();
    const now = useQuery({
        queryKey: ["badges", "enrolment", enrolment.id],
        queryFn: () => done(api.GET("/v1/badge-enrolments/{enrolment}", { params: { path: { enrolment: enrolment.id } } })),
        initialData: enrolment,
        staleTime: 0,
        refetchInterval: ({ state }) => (state.data?.state === "show-again" && Date.parse(enrolment.expires) > Date.now() ? LOOK_MS : false),
    }).data;
    const isLate = now.state === "show-again" && Date.parse(now.expires) < Date.now();

    useEffect(() => {
        if (now.state === "bound") void client.invalidateQueries({ queryKey: ["badges"] });
    }, [now.state, client]);
    return (
        <Stack aria-live="polite">
            {now.state === "bound" ? (
                <Alert color="green" title={t("bound")}>
                    {t("boundWords", { tail: now.tail })}
                </Alert>
            ) : now.state === "cancelled" || isLate ? (
                <Alert color="orange" title={t("cancelled")}>
                    {t("cancelledWords")}
                </Alert>
            ) : (
                <>
                    <Text>{t("compare")}</Text>
                    <Text fz={40} fw={700} ta="center" ff="monospace">
                        …{now.tail}
                    </Text>
                    <Text>{t("showAgain")}</Text>
                </>
            )}
            <Group justify="flex-end">
                <Button variant={now.state === "bound" ? "filled" : "default"} onClick={close}>
                    {t("shell:close")}
                </Button>
            </Group>
        </Stack>
    );
}

function Enrol({ close }: { close: () => void }) {
    const { t } = useTranslation("badges");
    const claim = useDeed([], (printer: string) => done(api.POST("/v1/badge-enrolments", { body: { printer } })));

    return (
        <Modal opened onClose={close} title={t("add")} size="lg" closeButtonProps={{ "aria-label": t("shell:close") }}>
            {claim.data ? (
                <Again enrolment={claim.data} close={close} />
            ) : (
                <Stack>
                    <Text>{t("first")}</Text>
                    <Text fw={600}>{t("where")}</Text>
                    <PrinterChoice choose={(printer) => claim.mutate(printer.name)} />
                </Stack>
            )}
        </Modal>
    );
}

function Row({ badge, remove }: { badge: Badge; remove: () => void }) {
    const { t } = useTranslation("badges");
    const { ago } = useTime();

    return (
        <Group component="li" wrap="nowrap">
            <IconId size={22} aria-hidden />
            <div style={{ flex: 1, minWidth: 0 }}>
                <Name of={badge.label ?? t("badge", { tail: badge.tail })} />
                <Text size="sm" c="dimmed">
                    {[badge.label ? `…${badge.tail}` : "", badge.used ? t("used", { when: ago(badge.used) }) : t("unused")].filter(Boolean).join(" · ")}
                </Text>
            </div>
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("remove", { tail: badge.tail })} onClick={remove}>
                <IconTrash size={20} aria-hidden />
            </ActionIcon>
        </Group>
    );
}

export function Badges() {
    const { t } = useTranslation("badges");
    const [isAdding, setAdding] = useState(false);
    const [removing, setRemoving] = useState<Badge | null>(null);
    const badges = useQuery({ queryKey: ["badges", "mine"], queryFn: () => done(api.GET("/v1/people/{person}/badges", { params: ME })) });
    const remove = useDeed(["badges"], (badge: string) =>
        done(api.DELETE("/v1/people/{person}/badges/{badge}", { params: { path: { person: "me", badge } } })),
    );

    return (
        <Section title={t("title")} lead={t("lead")}>
            <Loaded query={badges}>
                {({ items }) =>
                    items.length ? (
                        <Stack component="ul" p={0} m={0} gap="xs" style={{ listStyle: "none" }}>
                            {items.map((badge) => (
                                <Row key={badge.id} badge={badge} remove={() => setRemoving(badge)} />
                            ))}
                        </Stack>
                    ) : (
                        <Text>{t("none")}</Text>
                    )
                }
            </Loaded>
            <Button variant="default" onClick={() => setAdding(true)} style={{ alignSelf: "flex-start" }}>
                {t("add")}
            </Button>
            {isAdding && <Enrol close={() => setAdding(false)} />}
            <Confirm
                opened={removing !== null}
                title={t("remove", { tail: removing?.tail ?? "" })}
                words={t("removeWords")}
                deed={t("shell:delete")}
                busy={remove.isPending}
                close={() => setRemoving(null)}
                confirm={() => remove.mutate(removing!.id, { onSuccess: () => setRemoving(null) })}
            />
        </Section>
    );
}
