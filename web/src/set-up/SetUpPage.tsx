// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Button, Radio, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Page } from "../parts/Page";
import { Section } from "../parts/Section";
import { useAct } from "../parts/useAct";
import { Install } from "./Install";
import { type Platform, platformOf, platforms } from "./platform";
import { Steps } from "./Steps";

interface Choice {
    platform: Platform;
    choose: (platform: Platform) => void;
}

function Platforms({ platform, choose }: Choice) {
    const { t } = useTranslation("set-up");
    const mine = platformOf(navigator);

    return (
        <Radio.Group label={t("which")} value={platform} onChange={(value) => choose(value as Platform)}>
            <SimpleGrid cols={{ base: 2, sm: 3 }} mt="xs">
                {platforms.map((one) => (
                    <Radio key={one} value={one} label={t(`platform.${one}`)} description={one === mine ? t("thisOne") : undefined} />
                ))}
            </SimpleGrid>
        </Radio.Group>
    );
}

export default function SetUpPage() {
    const { t } = useTranslation("set-up");
    const { act, isBusy } = useAct();
    const [platform, setPlatform] = useState(() => platformOf(navigator));
    const [label, setLabel] = useState("");
    const [made, setMade] = useState<Schemas["SetUp"] | null>(null);

    const choose = (next: Platform) => {
        setPlatform(next);
        setLabel("");
        setMade(null);
    };
    const submit = async (event: FormEvent) => {
        event.preventDefault();
        const came = await act(() => done(api.POST("/v1/set-up", { body: { platform, label: label.trim() || t(`platform.${platform}`) } })), {
            again: ["tokens"],
        });
        if (came) setMade(came.came);
    };

    return (
        <Page title={t("title")} lead={t("lead")}>
            <Section title={t("device")}>
                <form onSubmit={(event) => void submit(event)}>
                    <Stack>
                        <Platforms platform={platform} choose={choose} />
                        <TextInput
                            label={t("name")}
                            description={t("nameHint")}
                            placeholder={t(`platform.${platform}`)}
                            maxLength={120}
                            value={label}
                            onChange={(event) => setLabel(event.currentTarget.value)}
                        />
                        <Button type="submit" loading={isBusy} style={{ alignSelf: "flex-start" }}>
                            {t("make")}
                        </Button>
                    </Stack>
                </form>
            </Section>
            <div aria-live="polite">{made && <Steps key={made.token} made={made} />}</div>
            <Install />
            <Anchor component={Link} href="/me/devices">
                {t("devices")}
            </Anchor>
        </Page>
    );
}
