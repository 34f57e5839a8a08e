// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done } from "../api/client";
import { useMe } from "../shell/me";
import { Section } from "./Section";
import { useDeed } from "./useDeed";

const ME = { path: { person: "me" } };

interface Props {
    name: "pin" | "password";
    isThere: boolean;
    isGood: (words: string) => boolean;
    send: (words: string) => Promise<unknown>;
}

/* Typed twice, for nobody sees it. */
function Secret({ name, isThere, isGood, send }: Props) {
    const { t } = useTranslation("account");
    const [words, setWords] = useState("");
    const [again, setAgain] = useState("");
    const deed = useDeed(["me"], send);
    const isOther = again !== "" && again !== words;
    const isBad = words !== "" && !isGood(words);
    const submit = (event: FormEvent) => {
        event.preventDefault();
        if (words !== again || !isGood(words)) return;
        deed.mutate(words, {
            onSuccess: () => {
                setWords("");
                setAgain("");
            },
        });
    };
    const kind = { autoComplete: name === "pin" ? "off" : "new-password", inputMode: name === "pin" ? ("numeric" as const) : ("text" as const) };

    return (
        <form onSubmit={submit}>
            <Stack gap="sm">
                <Group align="flex-start" grow preventGrowOverflow={false}>
                    <PasswordInput
                        {...kind}
                        label={t(`${name}.new`)}
                        description={t(`${name}.rule`)}
                        error={isBad && again !== "" ? t(`${name}.bad`) : null}
                        value={words}
                        required
                        onChange={(event) => setWords(event.currentTarget.value)}
                    />
                    <PasswordInput
                        {...kind}
                        label={t(`${name}.again`)}
                        description={t("again")}
                        error={isOther ? t("other") : null}
                        value={again}
                        required
                        onChange={(event) => setAgain(event.currentTarget.value)}
                    />
                </Group>
                <Group>
                    <Button type="submit" variant="default" loading={deed.isPending}>
                        {t(isThere ? `${name}.change` : `${name}.set`)}
                    </Button>
                    <Text role="status" size="sm">
                        {deed.isSuccess && !words ? t("done") : ""}
                    </Text>
                </Group>
            </Stack>
        </form>
    );
}

export function Secrets() {
    const { t } = useTranslation("account");
    const { person } = useMe();

    return (
        <>
            <Section title={t("pin.title")} lead={t(person.has_pin ? "pin.leadSet" : "pin.lead")}>
                <Secret
                    name="pin"
                    isThere={person.has_pin}
                    isGood={(pin) => /^[0-9]{6,12}$/.test(pin)}
                    send={(pin) => done(api.PUT("/v1/people/{person}/pin", { params: ME, body: { pin } }))}
                />
            </Section>
            <Section title={t("signIn.title")} lead={t("signIn.lead")}>
                <Secret
                    name="password"
                    isThere={person.has_password}
                    isGood={(password) => password.length >= 8 && password.length <= 512}
                    send={(password) => done(api.PUT("/v1/people/{person}/password", { params: ME, body: { password } }))}
                />
                <Anchor href="/account">{t("signIn.passkeys")}</Anchor>
            </Section>
        </>
    );
}
