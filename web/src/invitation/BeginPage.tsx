// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, PasswordInput, Stack, Stepper, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done } from "../api/client";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { useAct } from "../parts/useAct";
import { useMe } from "../shell/me";

const MINE = { params: { path: { person: "me" } } };
const PIN = /^[0-9]{6,12}$/;

interface StepProps {
    next: () => void;
}

function Buttons({ next, isBusy, deed, isDone }: StepProps & { isBusy: boolean; deed: string; isDone: boolean }) {
    const { t } = useTranslation("invitation");

    return (
        <Group>
            <Button type="submit" loading={isBusy}>
                {deed}
            </Button>
            <Button variant="subtle" onClick={next}>
                {t(isDone ? "keep" : "skip")}
            </Button>
        </Group>
    );
}

function Password({ next }: StepProps) {
    const { t } = useTranslation("invitation");
    const me = useMe();
    const { act, isBusy } = useAct();
    const [password, setPassword] = useState("");
    const [again, setAgain] = useState("");
    const isOther = again !== "" && again !== password;

    const save = async (event: FormEvent) => {
        event.preventDefault();
        if (password !== again) return;
        if (await act(() => done(api.PUT("/v1/people/{person}/password", { ...MINE, body: { password } })))) next();
    };

    return (
        <form onSubmit={(event) => void save(event)}>
            <Stack maw="26rem">
                <Text>{t("password.words")}</Text>
                <input type="hidden" name="username" autoComplete="username" value={me.person.email} readOnly />
                <PasswordInput
                    label={t("password.new")}
                    autoComplete="new-password"
                    required
                    minLength={8}
                    value={password}
                    onChange={(event) => setPassword(event.currentTarget.value)}
                />
                <PasswordInput
                    label={t("password.again")}
                    autoComplete="new-password"
                    required
                    value={again}
                    onChange={(event) => setAgain(event.currentTarget.value)}
                    error={isOther && t("password.other")}
                />
                <Buttons next={next} isBusy={isBusy} deed={t("password.set")} isDone={me.person.has_password} />
            </Stack>
        </form>
    );
}

function Pin({ next }: StepProps) {
    const { t } = useTranslation("invitation");
    const me = useMe();
    const { act, isBusy } = useAct();
    const [pin, setPin] = useState("");

    const save = async (event: FormEvent) => {
        event.preventDefault();
        if (await act(() => done(api.PUT("/v1/people/{person}/pin", { ...MINE, body: { pin } })))) next();
    };

    return (
        <form onSubmit={(event) => void save(event)}>
            <Stack maw="26rem">
                <Text>{t("pin.words")}</Text>
                <PasswordInput
                    label={t("pin.new")}
                    autoComplete="off"
                    inputMode="numeric"
                    required
                    maxLength={12}
                    value={pin}
                    onChange={(event) => setPin(event.currentTarget.value)}
                    error={pin !== "" && !PIN.test(pin) && t("pin.wrong")}
                />
                <Buttons next={next} isBusy={isBusy} deed={t("pin.set")} isDone={me.person.has_pin} />
            </Stack>
        </form>
    );
}

function Badge({ next }: StepProps) {
    const { t } = useTranslation("invitation");
    const me = useMe();

    return (
        <Stack maw="36rem" align="flex-start">
            <Text>{me.person.badges ? t("badge.have", { count: me.person.badges }) : t("badge.words")}</Text>
            <Group>
                <Button onClick={next}>{t("next")}</Button>
                <Button component={Link} href="/me" variant="subtle">
                    {t("badge.go")}
                </Button>
            </Group>
        </Stack>
    );
}

function Device(): ReactNode {
    const { t } = useTranslation("invitation");

    return (
        <Stack maw="36rem" align="flex-start">
            <Text role="status">{t("device.words")}</Text>
            <Group>
                <Button component={Link} href="/set-up">
                    {t("device.go")}
                </Button>
                <Button component={Link} href="/" variant="default">
                    {t("device.jobs")}
                </Button>
            </Group>
        </Stack>
    );
}

/* After an invitation: what somebody needs to print and to release, one step after the other; each may be left out. */
export default function BeginPage() {
    const { t } = useTranslation("invitation");
    const me = useMe();
    const client = useQueryClient();
    const [step, setStep] = useState(0);

    const next = () => {
        void client.invalidateQueries({ queryKey: ["me"] });
        setStep((before) => before + 1);
    };
    return (
        <Page title={t("begin")} lead={<Name of={me.person.name ?? me.person.email} />}>
            <Stepper active={step} onStepClick={setStep} orientation="vertical" allowNextStepsSelect>
                <Stepper.Step label={t("password.title")} />
                <Stepper.Step label={t("pin.title")} />
                <Stepper.Step label={t("badge.title")} />
                <Stepper.Step label={t("device.title")} />
            </Stepper>
            {step === 0 && <Password next={next} />}
            {step === 1 && <Pin next={next} />}
            {step === 2 && <Badge next={next} />}
            {step >= 3 && <Device />}
        </Page>
    );
}
