// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, List, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { Copied } from "../parts/Copied";
import { Facts } from "../parts/Facts";
import { Notice } from "../parts/Notice";
import { Section } from "../parts/Section";
import { platformOf } from "./platform";

type SetUp = Schemas["SetUp"];

const QUIET = 4;

function Code({ of, label }: { of: SetUp["qr"]; label: string }) {
    const width = of.width + 2 * QUIET;

    return (
        <svg role="img" aria-label={label} viewBox={`${-QUIET} ${-QUIET} ${width} ${width}`} width={220} height={220} shapeRendering="crispEdges">
            <rect x={-QUIET} y={-QUIET} width={width} height={width} fill="#fff" />
            <path d={of.path} fill="#000" />
        </svg>
    );
}

/* What a form on the device asks for, each to be copied. */
function Fields({ made }: { made: SetUp }) {
    const { t } = useTranslation("set-up");
    const host = `${made.host}:${made.port}`;
    const name = made.queue.title ?? "Imprimatur";
    const fields: [string, string][] =
        made.platform === "chromeos"
            ? [
                  [t("field.name"), name],
                  [t("field.host"), host],
                  [t("field.protocol"), "IPPS"],
                  [t("field.path"), made.path],
              ]
            : [[t("field.address"), made.address]];

    return <Facts of={fields.map(([field, value]) => [field, <Copied key={field} value={value} label={field} />])} />;
}

function Profile({ made }: { made: SetUp }) {
    const { t } = useTranslation("set-up");

    if (!made.profile) return null;
    return (
        <Button component="a" href={made.profile} style={{ alignSelf: "flex-start" }}>
            {t("profile")}
        </Button>
    );
}

/* The exact steps, for a device that now has its address. */
export function Steps({ made }: { made: SetUp }) {
    const { t } = useTranslation("set-up");
    const steps = t(`steps.${made.platform}`).split("\n");
    const isElsewhere = platformOf(navigator) !== made.platform;
    const isPhone = made.platform === "ios" || made.platform === "android";

    return (
        <Section title={t("now", { device: t(`platform.${made.platform}`) })}>
            <Stack>
                <List type="ordered" spacing="xs">
                    {steps.map((step) => (
                        <List.Item key={step}>{step}</List.Item>
                    ))}
                </List>
                {made.commands.map((command) => (
                    <Copied key={command.line} value={command.line} label={t("command")} />
                ))}
                <Profile made={made} />
                {!made.commands.length && !made.profile && <Fields made={made} />}
                {isPhone && isElsewhere && (
                    <div>
                        <Text size="sm">{t("scan")}</Text>
                        <Code of={made.qr} label={t("code")} />
                    </div>
                )}
                <Notice kind="careful" title={t("once")}>
                    {t("onceWords")}
                </Notice>
            </Stack>
        </Section>
    );
}
