import {expect} from "chai";

import {amount, parseUnits} from "../../../scripts/sdk/index.js";
import {createChain, USD} from "../../support/world.js";
import {allowed, openOffice, refused} from "./fixture.js";

const connection = await createChain();
const {loadFixture, time} = connection.networkHelpers;
const fixture = () => openOffice(connection);

describe("client: the backstop's pool", () => {
    it("should take money in at once and let it out in two steps", async () => {
        const {
            world,
            clients: [alice],
        } = await loadFixture(fixture);
        const {pool} = alice;
        const deposit = pool.deposit(amount(500n * USD));
        const {effect, approves} = allowed(await deposit.preview());
        expect(approves, "allowance").to.equal(500n * USD);
        await deposit.send();
        const holding = await pool.holding(world.owners[0]!.address);
        expect([holding.shares, holding.assets], "as foreseen").to.deep.equal([effect.shares, 500n * USD]);

        const redeem = pool.redeem(holding.shares);
        expect(refused(await redeem.preview()).name, "not asked for").to.equal("Backstop_ExitNotOpen");
        const request = pool.requestExit(holding.shares);
        const {effect: exit} = allowed(await request.preview());
        const more = pool.requestExit(holding.shares + 1n);
        expect(refused(await more.preview()).name, "more than held").to.equal("Backstop_ExitTooLarge");
        await request.send();
        const asked = (await pool.holding(world.owners[0]!.address)).exit;
        expect(asked.shares, "asked").to.equal(exit.shares);
        // The request was mined a second after it was foreseen.
        expect([asked.openAt, asked.closeAt], "times").to.deep.equal([exit.openAt + 1, exit.closeAt + 1]);
        await time.increaseTo(asked.openAt);
        expect(allowed(await redeem.preview()).effect.assets, "all of it").to.equal(500n * USD);
        await redeem.send();
        expect((await pool.holding(world.owners[0]!.address)).shares, "gone").to.equal(0n);
    });

    it("should say that the wallet is empty, and harvest nothing from nothing", async () => {
        const {
            world,
            clients: [alice],
        } = await loadFixture(fixture);
        const tooMuch = alice.pool.deposit(amount(10n ** 13n), world.owners[1]!.address);
        expect(refused(await tooMuch.preview()).name, "wallet").to.equal("ERC20InsufficientBalance");
        const {effect} = allowed(await alice.pool.harvest().preview());
        expect(effect.assets, "nothing earned").to.equal(0n);
        expect(() => alice.pool.redeem(parseUnits("1"), "me"), "receiver").to.throw('"me"');
    });
});
